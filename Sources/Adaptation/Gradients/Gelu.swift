private import Foundation
internal import Tensor

extension Matrix {
    /// The gradient before a GELU of x, of that after it: d ∘ (Φ(x) + x φ(x)).
    func throughGelu(of x: Matrix) -> Matrix {
        var dx = self
        let count = elements.count
        let density = 1 / (2 * Float.pi).squareRoot()
        dx.withUnsafeMutablePointer { d in
            x.elements.withUnsafeBufferPointer { x in
                for i in 0..<count {
                    let distribution = 0.5 * (1 + erff(x[i] * Float(0.5).squareRoot()))
                    d[i] *= distribution + x[i] * density * expf(-0.5 * x[i] * x[i])
                }
            }
        }
        return dx
    }
}
