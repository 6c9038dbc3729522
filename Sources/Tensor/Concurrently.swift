/// What a function makes of every input, in the order of the inputs, each in a child task.
///
/// Child tasks run where the caller's task prefers to: on the threads of a server that keeps some for speech, so that
/// work is bounded by their number, else on Swift's own, one for each core.
package func concurrently<Input: Sendable, Value: Sendable>(
    _ inputs: [Input], _ function: @escaping @Sendable (Input) throws -> Value
) async throws -> [Value] {
    try await withThrowingTaskGroup(of: (Int, Value).self) { group in
        for (number, input) in inputs.enumerated() {
            group.addTask {
                try Task.checkCancellation()
                return (number, try function(input))
            }
        }
        var values = [Value?](repeating: nil, count: inputs.count)
        for try await (number, value) in group { values[number] = value }
        return values.compactMap(\.self)
    }
}
