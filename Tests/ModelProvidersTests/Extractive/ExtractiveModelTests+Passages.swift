import Domain

extension ExtractiveModelTests {
    /// Excerpts as the retriever gives them: prose, wrapped PDF text, lists, tables, and other languages.
    static let passages = [
        ContextPassage(
            text: """
                1. Copying

                Every recipient of the program may copy and distribute verbatim copies of it, in any
                medium, provided that the copyright notice stays in place. You may charge a fee for the physical act of trans-
                ferring a copy. Nothing else in this licence limits you.
                """, citation: "licence.txt"),
        ContextPassage(
            text: """
                The harbour bridge was opened on 12 May 1934 after six years of work. It was designed by Dr. Helen Marsh,
                who had built two smaller bridges before. Today about 41,000 vehicles cross it on a working day. The southern
                tower holds a small museum. Tickets are sold at the gate.
                """, citation: "harbour.pdf, p. 3"),
        ContextPassage(
            text: """
                ## Backups

                - Full backups run every Sunday at 02:00 and are kept for ninety days.
                - Incremental backups run nightly.
                - To restore a single file, run `restore --file` with its path.

                | Plan | Storage | Price |
                |------|---------|-------|
                | Small | 50 GB | 4 EUR |
                | Large | 2 TB | 19 EUR |
                """, citation: "handbook.md"),
        ContextPassage(
            text: """
                Die Kündigungsfrist beträgt drei Monate zum Ende eines Quartals. Die Kündigung bedarf der Schriftform.
                Der Mieter trägt die Kosten für kleine Reparaturen bis 100 Euro.
                """, citation: "Mietvertrag.docx, S. 2"),
        ContextPassage(
            text: """
                Договор вступает в силу с момента подписания. Оплата производится в течение десяти дней после получения счёта.
                Споры решаются в суде города Риги.
                """, citation: "договор.pdf, с. 1"),
        ContextPassage(
            text: "会议决定将预算审查推迟到九月。北方办事处的数字还没有送到。下一次会议由李明主持。", citation: "会议记录.docx"),
        ContextPassage(
            text: """
                Store the vaccine between 2 and 8 degrees Celsius. Do not freeze it. After opening, the vial must be used
                within six hours. Discard any vial whose content is cloudy.
                """, citation: "leaflet.pdf, p. 1"),
    ]

    static let questions = [
        ("Who may copy the program?", "Every recipient of the program may copy"),
        ("Can I charge a fee for transferring copies?", "a fee for the physical act of transferring a copy."),
        ("When was the harbour bridge opened?", "The harbour bridge was opened on 12 May 1934"),
        ("Who designed the bridge?", "It was designed by Dr. Helen Marsh, who had built"),
        ("How many vehicles cross the bridge each day?", "about 41,000 vehicles cross it"),
        ("How long are full backups kept?", "Full backups run every Sunday"),
        ("What is the price of the large plan?", "Large | 2 TB | 19 EUR"),
        ("Wie lang ist die Kündigungsfrist?", "Die Kündigungsfrist beträgt drei Monate"),
        ("Wer zahlt kleine Reparaturen?", "Der Mieter trägt die Kosten für kleine Reparaturen"),
        ("Когда производится оплата счёта?", "Оплата производится в течение десяти дней"),
        ("下一次会议由谁主持？", "下一次会议由李明主持。"),
        ("How soon must an opened vial be used?", "After opening, the vial must be used within six hours."),
        ("At what temperature is the vaccine stored?", "Store the vaccine between 2 and 8 degrees Celsius."),
    ]
}
