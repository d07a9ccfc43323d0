# Packages whose CMake targets name shared libraries although the static ones lie beside them, and fmt,
# which Debian has not as a static library: all of it that we use is in its headers.
set_property(TARGET spdlog::spdlog_header_only
             PROPERTY INTERFACE_LINK_LIBRARIES Threads::Threads fmt::fmt-header-only)

get_directory_property(imported IMPORTED_TARGETS)
foreach(target IN LISTS imported)
  get_target_property(type ${target} TYPE)
  if(NOT target MATCHES "^absl::" OR NOT type STREQUAL "SHARED_LIBRARY")
    continue()
  endif()
  get_target_property(location ${target} LOCATION)
  string(REGEX REPLACE "\\.so[.0-9]*$" ".a" location "${location}")
  get_target_property(configurations ${target} IMPORTED_CONFIGURATIONS)
  foreach(configuration IN LISTS configurations)
    set_target_properties(${target} PROPERTIES IMPORTED_LOCATION_${configuration} "${location}")
  endforeach()
endforeach()
