import Files
import Foundation
import Testing

@Suite struct Reading {
    @Test func linksAreFollowedOnlyWhereTheyMay() throws {
        try withFolder { folder in
            try Data("secret".utf8).write(to: folder.appending(path: "target"))
            let link = folder.appending(path: "link").path(percentEncoded: false)
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "target")
            #expect(try OpenFile(reading: link).contents(limit: 100) == Array("secret".utf8))
            #expect(throws: FileError.unreadable(path: link, reason: "it is a symbolic link")) {
                try OpenFile(reading: link, followsLinks: false).contents(limit: 100)
            }
            #expect(throws: FileError.unreadable(path: link, reason: "it is a symbolic link")) {
                let inside = try OpenFile(folder: folder.path(percentEncoded: false))
                return try OpenFile(reading: "link", in: inside).contents(limit: 100)
            }
        }
    }

    /// What is open stays what it was, whatever its name stands for later.
    @Test func anOpenFolderIsNotSwapped() throws {
        try withFolder { folder in
            let (here, other) = (folder.appending(path: "here"), folder.appending(path: "other"))
            for (place, text) in [(here, "first"), (other, "second")] {
                try FileManager.default.createDirectory(at: place, withIntermediateDirectories: false)
                try Data(text.utf8).write(to: place.appending(path: "file"))
            }
            let open = try OpenFile(folder: here.path(percentEncoded: false), followsLinks: false)
            try FileManager.default.moveItem(at: here, to: folder.appending(path: "moved"))
            try FileManager.default.createSymbolicLink(at: here, withDestinationURL: other)
            #expect(try OpenFile(reading: "file", in: open).plainContents(limit: 100).bytes == Array("first".utf8))
            #expect(open.holds("file") && !open.holds("none"))
        }
    }

    @Test func limitsHold() throws {
        try withFolder { folder in
            let path = folder.appending(path: "file").path(percentEncoded: false)
            let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            try Data(bytes).write(to: URL(filePath: path))
            #expect(try OpenFile(reading: path).contents(limit: 300_000) == bytes)
            let plain = try OpenFile(reading: path, followsLinks: false).plainContents(limit: 300_000)
            #expect(plain.bytes == bytes && plain.status == FileStatus(path))
            #expect(throws: FileError.self) { try OpenFile(reading: path).contents(limit: 299_999) }
            #expect(throws: FileError.self) { try OpenFile(reading: path).plainContents(limit: 299_999) }
        }
    }

    @Test(arguments: ["/dev/null", "/tmp"]) func onlyPlainFilesArePlain(_ path: String) {
        #expect(throws: FileError.unreadable(path: path, reason: "it is not a regular file")) {
            try OpenFile(reading: path, followsLinks: false).plainContents(limit: 100)
        }
        #expect(throws: FileError.self) { try MappedFile(contentsOf: URL(filePath: path)) }
    }

    @Test func aMappedFileIsTheFile() throws {
        try withFolder { folder in
            let url = folder.appending(path: "file")
            try Data([1, 2, 3]).write(to: url)
            let file = try MappedFile(contentsOf: url)
            #expect(file.count == 3 && file.withUnsafeBytes { Array($0) } == [1, 2, 3])
            try Data().write(to: url)
            #expect(try MappedFile(contentsOf: url).count == 0)
            #expect(throws: FileError.self) { try MappedFile(contentsOf: folder.appending(path: "none")) }
        }
    }
}

@Suite struct Writing {
    @Test func aFileAppearsWholeOrNotAtAll() throws {
        try withFolder { folder in
            let url = folder.appending(path: "file")
            try Data("old".utf8).write(to: url)
            do {
                let half = try AtomicFile(url)
                try half.write([UInt8](repeating: 1, count: 100_000))
            }
            #expect(try Data(contentsOf: url) == Data("old".utf8))
            #expect(try names(in: folder) == ["file"])
            let whole = try AtomicFile(url)
            try whole.write(Array("nEw".utf8))
            try whole.seek(to: 1)
            try whole.write(Array("e".utf8))
            #expect(try Data(contentsOf: url) == Data("old".utf8))
            try whole.commit()
            #expect(try Data(contentsOf: url) == Data("new".utf8))
            #expect(try names(in: folder) == ["file"])
        }
    }

    @Test func whatCannotBeWrittenIsNamed() throws {
        try withFolder { folder in
            let full = folder.appending(path: "taken/full")
            try FileManager.default.createDirectory(at: full, withIntermediateDirectories: true)
            let taken = folder.appending(path: "taken")
            #expect(throws: FileError.isFolder(path: taken.relativePath)) {
                try AtomicFile.save([1], to: taken)
            }
            let lost = folder.appending(path: "none/file")
            #expect(throws: FileError.noFolder(path: lost.path(percentEncoded: false))) {
                try AtomicFile.save([1], to: lost)
            }
            #expect(throws: FileError.diskFull(path: "/dev/full")) {
                try AtomicFile.save([1], to: URL(filePath: "/dev/full"))
            }
            #expect(try names(in: folder) == ["taken"])
        }
    }

    @Test func aLinkKeepsPointingAtItsTarget() throws {
        try withFolder { folder in
            let target = folder.appending(path: "target.wav")
            let link = folder.appending(path: "link.wav")
            try Data("old".utf8).write(to: target)
            try FileManager.default.createSymbolicLink(at: link, withDestinationURL: target)
            try AtomicFile.save(Array("new".utf8), to: link)
            #expect(try Data(contentsOf: target) == Data("new".utf8))
            let path = link.path(percentEncoded: false)
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: path).hasSuffix("target.wav"))
        }
    }

    /// As a shell's `>` does it.
    @Test func aLinkToNothingMakesItsTarget() throws {
        try withFolder { folder in
            try FileManager.default.createDirectory(
                at: folder.appending(path: "far"), withIntermediateDirectories: false)
            func link(_ name: String, to target: String) throws -> URL {
                let url = folder.appending(path: name)
                try FileManager.default.createSymbolicLink(
                    atPath: url.path(percentEncoded: false), withDestinationPath: target)
                return url
            }
            // By way of another link, and from the folder that the link lies in.
            _ = try link("far/next", to: "target.wav")
            try AtomicFile.save(Array("new".utf8), to: link("first", to: "far/next"))
            #expect(try Data(contentsOf: folder.appending(path: "far/target.wav")) == Data("new".utf8))
            #expect(try names(in: folder) == ["far", "first"])
            #expect(try names(in: folder.appending(path: "far")) == ["next", "target.wav"])
            for name in ["first", "far/next"] {
                let path = folder.appending(path: name).path(percentEncoded: false)
                #expect(FileStatus(path, followsLinks: false)?.kind == .link)
            }
            let lost = try link("lost", to: "none/target.wav")
            #expect(throws: FileError.noFolder(path: "\(folder.relativePath)/none/target.wav")) {
                try AtomicFile.save([1], to: lost)
            }
            let ring = try link("ring", to: "ring")
            let error = #expect(throws: FileError.self) { try AtomicFile.save([1], to: ring) }
            #expect(error?.description.contains("leads back to itself") == true)
        }
    }

    @Test func aNewFileReplacesNothing() throws {
        try withFolder { folder in
            let path = folder.appending(path: "file").path(percentEncoded: false)
            try OpenFile(creating: path).write(Array("first".utf8))
            #expect(throws: FileError.self) { try OpenFile(creating: path).write(Array("second".utf8)) }
            try OpenFile(appendingTo: path).write(Array(" and more".utf8))
            #expect(try OpenFile(reading: path).contents(limit: 100) == Array("first and more".utf8))
        }
    }
}

@Suite struct Locks {
    @Test func aLockHasOneHolder() throws {
        try withFolder { folder in
            let path = folder.appending(path: ".lock").path(percentEncoded: false)
            let place = folder.path(percentEncoded: false)
            func hold() throws {
                let lock = try FileLock(path, waits: false)
                let whole = try FileLock(folder: place, waits: false)
                #expect(throws: FileError.locked(path: path)) { _ = try FileLock(path, waits: false) }
                #expect(throws: FileError.locked(path: place)) { _ = try FileLock(folder: place, waits: false) }
                _ = consume lock
                _ = consume whole
            }
            // Twice: it is free once its holder is gone.
            try hold()
            try hold()
        }
    }

    @Test func oneMayWaitForTheOther() async throws {
        let folder = FileManager.default.temporaryDirectory.path(percentEncoded: false)
        let path = "\(folder)/starling-lock-\(UUID().uuidString)"
        defer { unlink(path) }
        let held = try FileLock(path, waits: false)
        let waiting = Thread {
            if let lock = try? FileLock(path, waits: true) {
                try? Data().write(to: URL(filePath: path + ".got"))
                _ = consume lock
            }
        }
        defer { unlink(path + ".got") }
        waiting.start()
        usleep(50_000)
        #expect(FileStatus(path + ".got") == nil)
        _ = consume held
        let end = Date.now + 20
        while FileStatus(path + ".got") == nil, .now < end { usleep(1_000) }
        #expect(FileStatus(path + ".got") != nil)
    }
}

@Suite struct Folders {
    @Test func parentsAreMadeToo() throws {
        try withFolder { folder in
            let path = folder.appending(path: "a/b/c").path(percentEncoded: false)
            try Folder.make(path, mode: 0o700)
            try Folder.make(path)
            #expect(FileStatus(path)?.kind == .folder && FileStatus(path)?.mode == 0o700)
            try Data().write(to: folder.appending(path: "file"))
            let file = folder.appending(path: "file").path(percentEncoded: false)
            #expect(throws: FileError.unwritable(path: file, reason: "it is not a folder")) { try Folder.make(file) }
            #expect(throws: FileError.self) { try Folder.make(file + "/below") }
            #expect(["/", "/", ".", "a"].elementsEqual(["/", "/x", "x", "a/b/"].map(Folder.parent)))
        }
    }

    @Test(arguments: [false, true]) func aFolderChangesAtOnce(_ replacing: Bool) throws {
        try withFolder { folder in
            func path(_ name: String) -> String { folder.appending(path: name).path(percentEncoded: false) }
            try Folder.make(path("new"))
            try Data("new".utf8).write(to: folder.appending(path: "new/file"))
            if replacing { try Folder.make(path("target/old")) }
            try Folder.putInPlace(path("new"), at: path("target"), replacing: replacing, aside: path("aside"))
            #expect(try Data(contentsOf: folder.appending(path: "target/file")) == Data("new".utf8))
            try Folder.make(path("third"))
            #expect(throws: FileError.self) {
                try Folder.putInPlace(path("third"), at: path("target"), replacing: false, aside: path("aside"))
            }
            #expect(FileStatus(path("aside")) == nil)
        }
    }

    @Test func baseFoldersFollowTheSpecification() {
        func path(_ folder: BaseFolder, _ environment: [String: String]) -> String? {
            folder.url(environment: environment)?.path(percentEncoded: false)
        }
        let home = ["HOME": "/h"]
        #expect(path(.configuration, home) == "/h/.config/" && path(.data, home) == "/h/.local/share/")
        #expect(path(.runtime, home) == nil && path(.data, [:]) == nil)
        #expect(path(.configuration, ["XDG_CONFIG_HOME": "/c", "HOME": "/h"]) == "/c/")
        #expect(path(.data, ["XDG_DATA_HOME": "relative", "HOME": "/h"]) == "/h/.local/share/")
        #expect(path(.runtime, ["XDG_RUNTIME_DIR": "/run/user/1"]) == "/run/user/1/")
        #expect(path(.data, ["HOME": ""]) == nil)
    }
}

/// An empty folder that is gone when the closure returns.
func withFolder<R>(_ body: (URL) throws -> R) throws -> R {
    let folder = FileManager.default.temporaryDirectory.appending(path: "starling-files-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder)
}

/// Names in a folder, hidden ones too.
func names(in folder: URL) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false)).sorted()
}
