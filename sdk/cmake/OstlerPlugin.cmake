# SPDX-License-Identifier: Apache-2.0
# ostler_step_plugin(NAME SOURCES a.c ... MANIFEST plugin.json [LIBRARIES lib ...])
#
# A shared object NAME.so that exports ostler_plugin_entry and nothing else, and beside it the manifest
# with its SHA-256, in the directory NAME of the current binary directory: what `ostler plugin` takes.
set(OSTLER_SDK_CMAKE_DIRECTORY ${CMAKE_CURRENT_LIST_DIR})

function(ostler_step_plugin name)
  cmake_parse_arguments(PLUGIN "" "MANIFEST" "SOURCES;LIBRARIES" ${ARGN})
  if(NOT PLUGIN_SOURCES OR NOT PLUGIN_MANIFEST)
    message(FATAL_ERROR "ostler_step_plugin(${name}): SOURCES and MANIFEST are needed")
  endif()
  set(directory ${CMAKE_CURRENT_BINARY_DIR}/${name})
  set(manifest ${CMAKE_CURRENT_SOURCE_DIR}/${PLUGIN_MANIFEST})
  set(exports ${OSTLER_SDK_CMAKE_DIRECTORY}/plugin.map)
  add_library(${name} MODULE ${PLUGIN_SOURCES})
  target_link_libraries(${name} PRIVATE ostler::sdk ${PLUGIN_LIBRARIES})
  set_target_properties(${name} PROPERTIES
    PREFIX "" LIBRARY_OUTPUT_DIRECTORY ${directory} OUTPUT_NAME ${name} UNITY_BUILD OFF
    C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    LINK_DEPENDS "${exports};${manifest}")
  target_compile_options(${name} PRIVATE $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fno-gnu-unique>)
  target_link_options(${name} PRIVATE
    -Wl,--version-script=${exports} -Wl,--exclude-libs,ALL -Wl,-z,defs -Wl,-z,relro,-z,now
    -Wl,--build-id)
  add_custom_command(TARGET ${name} POST_BUILD VERBATIM
    COMMAND ${CMAKE_COMMAND} -DMANIFEST=${manifest} -DLIBRARY=$<TARGET_FILE:${name}>
            -DOUTPUT=${directory}/plugin.json -P ${OSTLER_SDK_CMAKE_DIRECTORY}/WriteManifest.cmake)
endfunction()
