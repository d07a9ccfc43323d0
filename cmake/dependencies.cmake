# Third-party libraries, each as a target whose headers are SYSTEM.
set(REVOPS_DEPS_DIR "${PROJECT_SOURCE_DIR}/.deps" CACHE PATH
    "What ./dev setup fetched: DuckDB, Node, Python packages")

set(Boost_USE_STATIC_LIBS ON)
if(REVOPS_LAMBDA)
  # What is found from here on; mold would take a shared library into a static program, which then
  # does not start.
  set(CMAKE_FIND_LIBRARY_SUFFIXES .a)
  set(OPENSSL_USE_STATIC_LIBS ON)
endif()
find_package(Boost 1.81 REQUIRED COMPONENTS json url)
find_package(OpenSSL 3 REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(CLI11 REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(pugixml REQUIRED)
find_package(absl REQUIRED)
find_package(Threads REQUIRED)
if(REVOPS_LAMBDA)
  include(static_packages)
endif()
find_package(ZLIB REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(BROTLI REQUIRED IMPORTED_TARGET libbrotlienc libbrotlidec)
if(REVOPS_LAMBDA)
  find_library(REVOPS_BROTLI_COMMON brotlicommon REQUIRED)
  target_link_libraries(PkgConfig::BROTLI INTERFACE "${REVOPS_BROTLI_COMMON}")
endif()

if(NOT REVOPS_LAMBDA)
  pkg_check_modules(EXPAT REQUIRED IMPORTED_TARGET expat)
  pkg_check_modules(MINIZIP REQUIRED IMPORTED_TARGET minizip)
endif()

if(BUILD_TESTING)
  find_package(GTest REQUIRED)
  find_library(REVOPS_RAPIDCHECK_LIBRARY rapidcheck REQUIRED)
  add_library(revops_rapidcheck INTERFACE)
  target_link_libraries(revops_rapidcheck INTERFACE "${REVOPS_RAPIDCHECK_LIBRARY}")
endif()

if(NOT REVOPS_LAMBDA)
  set(REVOPS_DUCKDB_DIR "${REVOPS_DEPS_DIR}/duckdb")
  if(NOT EXISTS "${REVOPS_DUCKDB_DIR}/lib/libduckdb.so")
    message(FATAL_ERROR "DuckDB is not in ${REVOPS_DUCKDB_DIR}: run ./dev setup")
  endif()
  add_library(duckdb SHARED IMPORTED)
  set_target_properties(
    duckdb PROPERTIES IMPORTED_LOCATION "${REVOPS_DUCKDB_DIR}/lib/libduckdb.so"
                      INTERFACE_INCLUDE_DIRECTORIES "${REVOPS_DUCKDB_DIR}/include")
endif()
