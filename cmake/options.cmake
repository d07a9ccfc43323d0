# Flags live here alone: every target of ours links revops_options and revops_warnings.
set(REVOPS_SANITIZE "" CACHE STRING "Sanitizers to build with: address,undefined or thread")
option(REVOPS_COVERAGE "Instrument for gcov" OFF)
option(REVOPS_BENCH "Build the programs of bench/ that are not revops itself" OFF)
option(REVOPS_FUZZ "Build the fuzz targets (clang only)" OFF)
option(REVOPS_LAMBDA "Build the functions of lambdas/ alone, fully static, without DuckDB" OFF)

option(BUILD_TESTING "Build the tests; the release preset does not" ON)

set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_CXX_EXTENSIONS OFF)

find_program(REVOPS_CCACHE ccache)
if(REVOPS_CCACHE)
  set(CMAKE_C_COMPILER_LAUNCHER "${REVOPS_CCACHE}")
  set(CMAKE_CXX_COMPILER_LAUNCHER "${REVOPS_CCACHE}")
endif()

add_library(revops_options INTERFACE)
target_compile_features(revops_options INTERFACE cxx_std_20)
target_include_directories(revops_options INTERFACE "${PROJECT_SOURCE_DIR}")
target_compile_options(revops_options INTERFACE -fno-omit-frame-pointer -fstack-protector-strong)
if(REVOPS_LAMBDA)
  target_compile_options(revops_options INTERFACE -ffunction-sections -fdata-sections)
endif()
if(REVOPS_LAMBDA OR CMAKE_BUILD_TYPE STREQUAL "Release")
  # Without the checkout's path in them, programs are the same wherever they are built.
  target_compile_options(revops_options INTERFACE "-ffile-prefix-map=${PROJECT_SOURCE_DIR}/=")
endif()
find_program(REVOPS_MOLD mold)
if(REVOPS_MOLD)
  target_link_options(revops_options INTERFACE -fuse-ld=mold)
endif()
if(REVOPS_SANITIZE)
  target_compile_options(revops_options INTERFACE -fsanitize=${REVOPS_SANITIZE}
                                                  -fno-sanitize-recover=all)
  target_link_options(revops_options INTERFACE -fsanitize=${REVOPS_SANITIZE})
endif()
if(REVOPS_FUZZ)
  target_compile_options(revops_options INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(REVOPS_COVERAGE)
  target_compile_options(revops_options INTERFACE --coverage)
  target_link_options(revops_options INTERFACE --coverage)
endif()

add_library(revops_warnings INTERFACE)
target_compile_options(
  revops_warnings
  INTERFACE -Werror
            -Wall
            -Wextra
            -Wpedantic
            -Wshadow
            -Wconversion
            -Wsign-conversion
            -Wnon-virtual-dtor
            -Wold-style-cast
            -Wcast-align
            -Woverloaded-virtual
            -Wdouble-promotion
            -Wformat=2
            -Wimplicit-fallthrough
            $<$<CXX_COMPILER_ID:GNU>:-Wduplicated-cond
            -Wduplicated-branches
            -Wlogical-op
            -Wuseless-cast
            -Wsuggest-override
            # g++ 12 sees overlaps and uninitialised members in its own std::string and std::optional
            # when optimising (GCC bugs 105651 and 105562).
            -Wno-restrict
            -Wno-maybe-uninitialized>
            # clang blames callers of std::stable_sort for what libstdc++ 12 does inside.
            $<$<CXX_COMPILER_ID:Clang>:-Wno-deprecated-declarations>)
