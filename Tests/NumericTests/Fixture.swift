import Foundation
import Testing
import Weights

func fixture(_ name: String) throws -> WeightFile {
    let folder = try #require(Bundle.module.url(forResource: "Fixtures", withExtension: nil))
    return try WeightFile(contentsOf: folder.appending(path: "\(name).safetensors"))
}
