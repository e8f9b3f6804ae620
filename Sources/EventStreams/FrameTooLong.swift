/// A frame, or a line of one, is longer than the limit.
package struct FrameTooLong: Error {
    package init() {}
}
