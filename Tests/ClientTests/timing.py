"""Asks a running program with wrong secrets of two kinds, in turns, and says whether the time of the answers tells them apart.

usage: timing.py PROGRAM MODEL-FOLDER

Times of two kinds are compared by Mann and Whitney's test, which asks nothing of their distribution. A control that must
differ shows that a difference would be seen. Ends with 1 where one is seen that must not be, or the control shows none.
"""
import http.client, json, math, random, statistics, subprocess, sys, tempfile, time

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
# Of a difference by chance, for each comparison.
CHANCE = 0.001
PASSWORD = "correct horse battery"


class Server:
    def __init__(self, program, model):
        self.storage = tempfile.TemporaryDirectory()
        self.process = subprocess.Popen(
            [program, "serve", "--storage", self.storage.name, "--port", "0", "--model", model],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.port = int(self.process.stdout.readline().split("/api")[0].rpartition(":")[2])
        self.key = self.process.stdout.readline().split()[-1]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.storage.cleanup()

    def client(self, number):
        """A connection from a loopback address of its own: guesses are counted by address."""
        return http.client.HTTPConnection(
            "127.0.0.1", self.port, timeout=60, source_address=(f"127.0.{number // 250}.{number % 250 + 1}", 0))


def ask(client, method, path, credential=None, body=None):
    """The status and body of an answer, and the nanoseconds that it took."""
    headers = {"Content-Type": "application/json"}
    if credential:
        headers["Authorization"] = f"Bearer {credential}"
    text = json.dumps(body) if body is not None else None
    start = time.perf_counter_ns()
    client.request(method, path, text, headers)
    answer = client.getresponse()
    data = answer.read()
    return answer.status, json.loads(data), time.perf_counter_ns() - start


def compare(name, left, right, count, first, each=400):
    """Takes `count` times of each kind, pair by pair in an order that chance decides. A kind is what asks over a connection
    and returns a status and a time; a connection serves `each` pairs."""
    times, statuses, client = ([], []), set(), None
    for i in range(count):
        if i % each == 0:
            client = SERVER.client(first + i // each)
            ask(client, "GET", "/api/ping")
        for kind in random.sample((0, 1), 2):
            status, nanoseconds = (left, right)[kind](client, i)
            statuses.add(status)
            times[kind].append(nanoseconds / 1000)
    chance = mann_whitney(*times)
    medians = [statistics.median(x) for x in times]
    spread = statistics.quantiles(times[0] + times[1], n=4)
    print(f"{name}: medians {medians[0]:.1f} and {medians[1]:.1f} us of {count} each, quartiles {spread[0]:.1f} and "
          f"{spread[2]:.1f}, p = {chance:.4f}, statuses {sorted(statuses)}", flush=True)
    return chance < CHANCE, statuses


def mann_whitney(left, right):
    """How likely two samples of one distribution differ as much: two-sided, by the normal approximation with ties."""
    values = sorted([(x, 0) for x in left] + [(x, 1) for x in right])
    n, m = len(left), len(right)
    ranks, ties, i = 0.0, 0, 0
    while i < len(values):
        j = i
        while j < len(values) and values[j][0] == values[i][0]:
            j += 1
        ranks += sum((i + j + 1) / 2 for x in values[i:j] if x[1] == 0)
        ties += (j - i) ** 3 - (j - i)
        i = j
    u = ranks - n * (n + 1) / 2
    total = n + m
    deviation = math.sqrt(n * m / 12 * ((total + 1) - ties / (total * (total - 1))))
    return math.erfc(abs(u - n * m / 2) / deviation / math.sqrt(2))


def text(alphabet, length):
    return "".join(random.choice(alphabet) for _ in range(length))


def with_key(make):
    def kind(client, i):
        status, _, nanoseconds = ask(client, "GET", "/api/v1/auth", make())
        return status, nanoseconds
    return kind


def with_password(name):
    def kind(client, i):
        status, answer, nanoseconds = ask(
            client, "POST", "/api/request-token", body={"username": name(i), "password": text(BASE64, 20)})
        assert answer["message"] == "[001] Invalid login credentials.", answer
        return status, nanoseconds
    return kind


def random_key():
    return "-".join(text(ALPHABET, 7) for _ in range(4))


def main():
    failed = []

    def must_not_differ(name, *arguments):
        differs, statuses = compare(name, *arguments)
        if differs or len(statuses) > 1:
            failed.append(name)

    known = random_key()
    ask(SERVER.client(0), "GET", "/api/v1/auth", known)
    differs, _ = compare(
        "control, a key that is looked up and one that is remembered", with_key(random_key), with_key(lambda: known),
        1000, 1)
    if not differs:
        failed.append("control")
    near = SERVER.key[:-7]
    must_not_differ(
        "unknown keys and keys that begin like one", with_key(random_key),
        with_key(lambda: near + text(ALPHABET, 7)), 4000, 10)

    client = SERVER.client(100)
    status, answer, _ = ask(
        client, "POST", "/api/system/enable-multi-user", SERVER.key, {"username": "ann", "password": PASSWORD})
    assert status == 200 and answer["success"], answer
    names = ["ann"]
    for name in ("ben", "cat"):
        status, answer, _ = ask(
            client, "POST", "/api/v1/admin/users/new", SERVER.key,
            {"username": name, "password": PASSWORD, "role": "default"})
        assert status == 200 and answer["error"] is None, answer
        names.append(name)
    _, answer, _ = ask(client, "POST", "/api/request-token", body={"username": "ann", "password": PASSWORD})
    signed, _, signature = answer["token"].rpartition(".")
    must_not_differ(
        "session tokens with a random signature and with half of the right one",
        with_key(lambda: f"{signed}.{text(BASE64, 42)}A"),
        with_key(lambda: f"{signed}.{signature[:21]}{text(BASE64, 21)}A"), 4000, 110)
    must_not_differ(
        "users whom nobody knows and users with a wrong password", with_password(lambda i: f"nobody{text(ALPHABET, 8)}"),
        with_password(lambda i: names[i % 3]), 150, 300, 5)
    print("No difference was seen." if not failed else f"DIFFERENT: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    with Server(*sys.argv[1:3]) as SERVER:
        sys.exit(main())
