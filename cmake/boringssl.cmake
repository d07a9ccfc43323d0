# BoringSSL in OpenSSL's place: a third of the size, and a TLS context costs nothing to make (ADR 0019). Its sources
# are those that gRPC's Python package carries; ./dev setup has put them there, with the list of what is compiled.
set(REVOPS_BORINGSSL_DIR "${REVOPS_DEPS_DIR}/boringssl")
if(NOT EXISTS "${REVOPS_BORINGSSL_DIR}/sources.txt")
  message(FATAL_ERROR "BoringSSL is not in ${REVOPS_BORINGSSL_DIR}: run ./dev setup package")
endif()
enable_language(ASM)
file(STRINGS "${REVOPS_BORINGSSL_DIR}/sources.txt" crypto_sources)
list(TRANSFORM crypto_sources PREPEND "${REVOPS_BORINGSSL_DIR}/")
set(ssl_sources ${crypto_sources})
list(FILTER ssl_sources INCLUDE REGEX "/boringssl/ssl/")
list(FILTER crypto_sources EXCLUDE REGEX "/boringssl/ssl/")

function(revops_boringssl_library name alias)
  add_library(${name} STATIC EXCLUDE_FROM_ALL ${ARGN})
  target_compile_features(${name} PRIVATE cxx_std_17)
  target_include_directories(${name} SYSTEM INTERFACE "${REVOPS_BORINGSSL_DIR}/include")
  target_include_directories(${name} PRIVATE "${REVOPS_BORINGSSL_DIR}/include")
  target_compile_options(${name} PRIVATE -ffunction-sections -fdata-sections -fno-exceptions -fno-rtti
                                         -fno-asynchronous-unwind-tables
                                         -fstack-protector-strong "-ffile-prefix-map=${REVOPS_BORINGSSL_DIR}/=")
  add_library(OpenSSL::${alias} ALIAS ${name})
endfunction()

revops_boringssl_library(revops_boringssl_crypto Crypto ${crypto_sources})
revops_boringssl_library(revops_boringssl_ssl SSL ${ssl_sources})
target_link_libraries(revops_boringssl_crypto INTERFACE Threads::Threads)
target_link_libraries(revops_boringssl_ssl INTERFACE revops_boringssl_crypto)
