/// Which version of the program this is, as it tells people and other programs.
package enum ProductVersion {
    package static let text = "0.1.0"
}
