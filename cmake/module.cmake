# revops_module(NAME SOURCES … [DEPENDS …] [LIBRARIES …] [PUBLIC_LIBRARIES …])
#
# One folder = one static library `revops_<NAME>` = one namespace. DEPENDS names our own modules
# (checked against ARCHITECTURE.md by tests/structure), LIBRARIES third-party ones.
# A module whose name ends in _contract or _testing serves tests alone.
function(revops_module name)
  if(NOT BUILD_TESTING AND name MATCHES "_(contract|testing)$")
    return()
  endif()
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS;LIBRARIES;PUBLIC_LIBRARIES" ${ARGN})
  add_library(revops_${name} STATIC ${ARG_SOURCES})
  target_link_libraries(revops_${name} PUBLIC revops_options ${ARG_PUBLIC_LIBRARIES})
  target_link_libraries(revops_${name} PRIVATE revops_warnings ${ARG_LIBRARIES})
  foreach(dependency IN LISTS ARG_DEPENDS)
    target_link_libraries(revops_${name} PUBLIC revops_${dependency})
  endforeach()
endfunction()

# revops_test(NAME SOURCES … DEPENDS … [LIBRARIES …] [DEFINITIONS …]): one GoogleTest program, one ctest entry.
function(revops_test name)
  if(NOT BUILD_TESTING)
    return()
  endif()
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS;LIBRARIES;DEFINITIONS" ${ARGN})
  add_executable(revops_${name}_test ${ARG_SOURCES})
  target_link_libraries(revops_${name}_test PRIVATE revops_options revops_warnings
                                                    ${ARG_LIBRARIES} revops_rapidcheck GTest::gmock GTest::gtest_main)
  foreach(dependency IN LISTS ARG_DEPENDS)
    target_link_libraries(revops_${name}_test PRIVATE revops_${dependency})
  endforeach()
  target_compile_definitions(revops_${name}_test PRIVATE ${ARG_DEFINITIONS})
  # Tests name files of the repository from its root.
  add_test(NAME ${name} COMMAND revops_${name}_test WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}")
  set_tests_properties(${name} PROPERTIES TIMEOUT 600)
endfunction()
