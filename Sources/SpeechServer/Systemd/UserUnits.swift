import Files
public import Foundation

/// Units for a user's systemd that start the server when a client connects.
public struct UserUnits: Sendable {
    /// Contents by file name.
    public let files: [(name: String, text: String)]

    /// - Parameters:
    ///   - program: the absolute path of `starling`.
    ///   - arguments: further arguments of `starling serve`.
    ///   - wyoming: whether a socket for the Wyoming protocol is wanted.
    public init(program: String, arguments: [String], wyoming: Bool) {
        let command = ([program, "serve"] + arguments).map(Self.quoted).joined(separator: " ")
        let sockets = ["starling.socket"] + (wyoming ? ["starling-wyoming.socket"] : [])
        var files = [
            (
                "starling.service",
                """
                [Unit]
                Description=Starling speech server
                Documentation=man:starling-serve(1)
                Requires=\(sockets.joined(separator: " "))
                After=\(sockets.joined(separator: " "))

                [Service]
                Type=notify
                ExecStart=\(command)
                Restart=on-failure
                RestartSec=1
                TimeoutStopSec=45
                LimitNOFILE=4096
                NoNewPrivileges=yes
                LockPersonality=yes
                RestrictRealtime=yes
                RestrictSUIDSGID=yes
                RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
                SystemCallArchitectures=native
                UMask=0077

                [Install]
                Also=\(sockets.joined(separator: " "))
                WantedBy=default.target

                """
            ),
            ("starling.socket", Self.socket("starling", name: "http", about: "HTTP API")),
        ]
        if wyoming {
            files.append(
                ("starling-wyoming.socket", Self.socket("wyoming", name: "wyoming", about: "Wyoming protocol")))
        }
        self.files = files
    }

    private static func socket(_ file: String, name: String, about: String) -> String {
        """
        [Unit]
        Description=Starling speech server, \(about)

        [Socket]
        ListenStream=%t/starling/\(file).sock
        SocketMode=0600
        DirectoryMode=0700
        FileDescriptorName=\(name)
        Service=starling.service

        [Install]
        WantedBy=sockets.target

        """
    }

    /// An argument as systemd reads it back: its variables and specifiers stay as written.
    static func quoted(_ argument: String) -> String {
        let escaped = argument.replacing("%", with: "%%").replacing("$", with: "$$")
        let plain = escaped.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: "-_./:=+@,%$".utf8.contains(byte)
            }
        }
        if plain, !escaped.isEmpty { return escaped }
        return "\"" + escaped.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }

    /// `systemd/user` in `$XDG_CONFIG_HOME`, by default `~/.config`; nil without a home.
    public static func folder(environment: [String: String] = ProcessInfo.processInfo.environment) -> URL? {
        BaseFolder.configuration.url(environment: environment)?.appending(path: "systemd/user")
    }

    /// Writes the units, each whole or not at all, over older ones of the same names.
    ///
    /// - Returns: the paths written.
    public func write(to folder: URL) throws(ServerError) -> [String] {
        var written: [String] = []
        do throws(FileError) {
            try Folder.make(folder.path(percentEncoded: false))
            for (name, text) in files {
                let file = folder.appending(path: name)
                try AtomicFile.save(Array(text.utf8), to: file)
                written.append(file.path(percentEncoded: false))
            }
        } catch {
            throw .install(path: error.path, reason: error.reason)
        }
        return written
    }
}
