/// Where texts are cut into chunks.
package enum ChunkMethod: String, Sendable, CaseIterable {
    /// Between slides and chapters, at headings, between paragraphs and sentences; the head of a table goes with each part of it.
    case structure
    /// By length alone: between paragraphs, lines and words, whatever these are.
    case length
}
