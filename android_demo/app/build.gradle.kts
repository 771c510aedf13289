plugins {
    alias(libs.plugins.android.application)
}

android {
    namespace = "io.edgetext.demo"
    compileSdk = libs.versions.compile.sdk.get().toInt()

    defaultConfig {
        applicationId = "io.edgetext.demo"
        minSdk = libs.versions.min.sdk.get().toInt()
        targetSdk = libs.versions.target.sdk.get().toInt()
        versionCode = 1
        versionName = "1.0"
        // ExecuTorch ships libraries for these two.
        ndk { abiFilters += listOf("arm64-v8a", "x86_64") }
    }

    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_1_8
        targetCompatibility = JavaVersion.VERSION_1_8
    }

    androidResources {
        // An artifact does not compress, and is copied out faster as it is.
        noCompress += listOf("pte", "onnx")
    }

    packaging {
        // More than one dependency may bring the C++ library.
        jniLibs { pickFirsts += "**/libc++_shared.so" }
    }
}

dependencies {
    implementation(project(":edgetext-android"))
}
