/// Options of commands: git commit -m, npm install --save-dev.
enum CommandRule {
    private static let commands: Set<String> = [
        "git", "npm", "pip", "docker", "ls", "rm", "cp", "mv", "tar", "grep", "curl", "ssh", "sudo", "chmod", "python",
        "node", "cargo", "make", "apt", "brew", "wget", "find", "kubectl", "swift", "ffmpeg", "mkdir", "flag", "option",
    ]

    /// At the hyphen of an option.
    static func read(_ line: Line, at i: Int) -> Reading? {
        guard line.symbol(i, "-"), i > 0, !line.touches(i) || line.symbol(i - 1, "`") else { return nil }
        let isLong = line.joined(i + 1, "-")
        let name = isLong ? i + 2 : i + 1
        guard line.touches(name), let text = line.letters(name), isLong || text.utf8.count < 4,
            (max(0, i - 12)..<i).contains(where: { line.letters($0).map(commands.contains) == true })
        else { return nil }
        let dashes: [Spoken] = isLong ? [.word("dash"), .word("dash")] : [.word("dash")]
        return isLong
            ? Reading(.electronic, to: name, dashes)
            : Reading(.electronic, to: name + 1, dashes + [.letters(text.uppercased())])
    }
}
