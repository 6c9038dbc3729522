private import Dispatch
private import Synchronization

/// What a function makes of every input, each on a core of its own.
func concurrently<Input: Sendable, Value: Sendable, Failure: Error>(
    _ inputs: [Input], _ function: @Sendable (Input) throws(Failure) -> Value
) throws(Failure) -> [Value] {
    let results = Mutex([Result<Value, Failure>?](repeating: nil, count: inputs.count))
    DispatchQueue.concurrentPerform(iterations: inputs.count) { number in
        let result = Result { () throws(Failure) in try function(inputs[number]) }
        results.withLock { $0[number] = result }
    }
    var values: [Value] = []
    for result in results.withLock({ $0 }) {
        if let result { values.append(try result.get()) }
    }
    return values
}
