// swift-tools-version: 5.9
// A host of edgetext's .onnx files in Swift, over the one in C that lies in ../c.
import PackageDescription

let package = Package(
    name: "EdgeText",
    platforms: [.iOS(.v13), .macOS(.v11)],
    products: [
        .library(name: "EdgeText", targets: ["EdgeText"]),
        .executable(name: "edgetext-sample", targets: ["Sample"]),
    ],
    targets: [
        // ONNX Runtime's C API, which pkg-config finds. On iOS, where there is none, put a binary
        // target in its place: ONNX Runtime's own xcframework, which has the same header.
        .systemLibrary(
            name: "COnnxRuntime",
            pkgConfig: "libonnxruntime",
            providers: [.apt(["libonnxruntime-dev"]), .brew(["onnxruntime"])]
        ),
        .target(
            name: "CEdgetext",
            dependencies: ["COnnxRuntime"],
            exclude: ["c/sample.c", "c/Makefile"]
        ),
        .target(name: "EdgeText", dependencies: ["CEdgetext"]),
        .executableTarget(name: "Sample", dependencies: ["EdgeText"]),
        .testTarget(name: "EdgeTextTests", dependencies: ["EdgeText"]),
    ],
    cLanguageStandard: .c99
)
