import Foundation
import Testing

@Suite struct Deploy {
    /// The units in deploy/ are those that the program writes, but for where it is.
    @Test func unitsAreTheProgramsOwn() throws {
        try withFolder { folder in
            let outcome = try Program.run(
                ["serve", "--install", "--wyoming"], in: folder,
                environment: ["XDG_CONFIG_HOME": folder.path(percentEncoded: false)])
            #expect(outcome.status == 0, "\(outcome.complaint)")
            let written = folder.appending(path: "systemd/user")
            let shipped = Program.repository.appending(path: "deploy/systemd")
            #expect(try names(in: written) == names(in: shipped))
            for name in try names(in: shipped) {
                let unit = try String(contentsOf: written.appending(path: name), encoding: .utf8)
                    .replacing(/ExecStart=\S+starling serve/, with: "ExecStart=/usr/local/bin/starling serve")
                #expect(try String(contentsOf: shipped.appending(path: name), encoding: .utf8) == unit, "\(name)")
            }
        }
    }

    /// What the container gets beside the program is all that is there to run.
    @Test func theContainerHasTheLibraries() throws {
        let needed = try Set(
            String(contentsOf: Program.repository.appending(path: "script/setup"), encoding: .utf8)
                .matches(of: /lib[a-z0-9]+-dev/).map { String($0.output) })
        let dockerfile = try String(
            contentsOf: Program.repository.appending(path: "deploy/Dockerfile"), encoding: .utf8)
        #expect(needed.count >= 6)
        for library in needed { #expect(dockerfile.contains(library), "deploy/Dockerfile lacks \(library)") }
    }
}
