/// Text that 8-bit layers are fitted to at load: what matters is that it has every kind of token, not what it says.
enum CalibrationText {
    static let passages = [
        """
        The town library opens at nine on weekdays and at ten on Saturdays. Readers may borrow up to twelve books for four \
        weeks; films and games are lent for one. Whoever returns a book late pays twenty cents a day, children pay nothing. \
        Rooms for groups can be booked online, and the reading room on the second floor is kept quiet. In winter, lectures \
        on history, gardening and astronomy are held every other Thursday, and entry is free. The mayor said last year that \
        "no other building in town is used by so many people", and the figures agree with her.
        """,
        """
        To install the pump, first close the main valve (see fig. 3) and wait until the pressure has dropped below 0.5 bar. \
        Remove the four M8 screws, lift off the cover, and check the gasket: if it is cracked or hard, replace it with part \
        no. 4711-B. Warning: the housing may be hot! Do not exceed 85 °C or 3,600 rpm. After mounting, open the valve slowly, \
        let the air out through the screw marked "A", and note the reading of the meter. Questions? Write to \
        service@example.org or call +1 555 0100.
        """,
        """
        func median(of values: [Double]) -> Double? {
            guard !values.isEmpty else { return nil }
            let sorted = values.sorted()
            let middle = sorted.count / 2
            return sorted.count % 2 == 0 ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
        }
        # Usage: ./report --format=json --since 2024-01-31 | grep -v '^#' > /tmp/out.txt
        SELECT name, COUNT(*) FROM orders WHERE total >= 100 GROUP BY name ORDER BY 2 DESC LIMIT 10;
        """,
        """
        The tenant shall pay the rent in advance on the first day of each month. Should either party breach any provision of \
        this agreement, and fail to remedy the breach within thirty (30) days of written notice, the other party may \
        terminate it without prejudice to any claim for damages. Nothing herein limits liability for gross negligence, \
        fraud, or injury to life and health. The court of first instance found for the claimant; the appeal was dismissed.
        """,
        """
        Patients with chronic kidney disease were given either 10 mg of the drug or placebo, twice daily, over 24 weeks. \
        Blood pressure fell by 8.2 mmHg (95% CI 6.1 to 10.3; p < 0.001) and protein excretion by a third. Zellen, Gewebe und \
        Organe; les protéines du sang; la presión arterial; кровь; 血液. Is the effect lasting? Further studies are needed.
        """,
        "how do I reset my password",
        "What is the capital of Australia?",
    ]
}
