# SPDX-License-Identifier: Apache-2.0
# ostler_step_plugin(NAME SOURCES a.c ... MANIFEST plugin.json [LIBRARIES lib ...] [RESOURCES file ...])
#
# A shared object NAME.so that exports ostler_plugin_entry and nothing else, and beside it the manifest
# with its SHA-256, in the directory NAME of the current binary directory: what `ostler plugin` takes.
# RESOURCES are files that it finds there when it runs, by their names without a directory. Shared
# libraries among them that it is linked to are mapped with it ($<TARGET_FILE:lib> names one).
set(OSTLER_SDK_CMAKE_DIRECTORY ${CMAKE_CURRENT_LIST_DIR})

# The resources of a plugin by their absolute paths, or generator expressions.
function(ostler_plugin_resources into)
  set(paths)
  foreach(path ${ARGN})
    if(NOT path MATCHES "^\\$<")
      get_filename_component(path ${path} ABSOLUTE BASE_DIR ${CMAKE_CURRENT_SOURCE_DIR})
    endif()
    list(APPEND paths ${path})
  endforeach()
  set(${into} "${paths}" PARENT_SCOPE)
endfunction()

# What a manifest has for its version; empty where that is not to be read.
function(ostler_plugin_version into manifest)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${manifest})
  file(READ ${manifest} text)
  string(JSON version ERROR_VARIABLE fault GET "${text}" version)
  if(fault)
    set(version)
  endif()
  set(${into} "${version}" PARENT_SCOPE)
endfunction()

function(ostler_step_plugin name)
  cmake_parse_arguments(PLUGIN "" "MANIFEST" "SOURCES;LIBRARIES;RESOURCES" ${ARGN})
  if(NOT PLUGIN_SOURCES OR NOT PLUGIN_MANIFEST)
    message(FATAL_ERROR "ostler_step_plugin(${name}): SOURCES and MANIFEST are needed")
  endif()
  set(directory ${CMAKE_CURRENT_BINARY_DIR}/${name})
  set(manifest ${CMAKE_CURRENT_SOURCE_DIR}/${PLUGIN_MANIFEST})
  ostler_plugin_resources(resources ${PLUGIN_RESOURCES})
  set(exports ${OSTLER_SDK_CMAKE_DIRECTORY}/plugin.map)
  add_library(${name} MODULE ${PLUGIN_SOURCES})
  target_link_libraries(${name} PRIVATE ostler::sdk ${PLUGIN_LIBRARIES})
  set_target_properties(${name} PROPERTIES
    PREFIX "" LIBRARY_OUTPUT_DIRECTORY ${directory} OUTPUT_NAME ${name} UNITY_BUILD OFF SKIP_BUILD_RPATH ON
    C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    LINK_DEPENDS "${exports};${manifest};${resources}")
  ostler_plugin_version(version ${manifest})
  if(version)
    target_compile_definitions(${name} PRIVATE OSTLER_PLUGIN_VERSION="${version}")
  endif()
  target_compile_options(${name} PRIVATE $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fno-gnu-unique>)
  target_link_options(${name} PRIVATE
    -Wl,--version-script=${exports} -Wl,--exclude-libs,ALL -Wl,-z,defs -Wl,-z,relro,-z,now
    -Wl,--build-id)
  add_custom_command(TARGET ${name} POST_BUILD VERBATIM
    COMMAND ${CMAKE_COMMAND} -DMANIFEST=${manifest} -DLIBRARY=$<TARGET_FILE:${name}>
            -DOUTPUT=${directory}/plugin.json "-DRESOURCES=${resources}"
            -P ${OSTLER_SDK_CMAKE_DIRECTORY}/WriteManifest.cmake)
endfunction()

# ostler_rust_plugin(NAME SOURCES root.rs ... MANIFEST plugin.json [RESOURCES file ...])
#
# The same in Rust: the first source is the root of a crate of type cdylib, which has no others.
function(ostler_rust_plugin name)
  cmake_parse_arguments(PLUGIN "" "MANIFEST" "SOURCES;RESOURCES" ${ARGN})
  find_program(OSTLER_RUSTC rustc)
  if(NOT PLUGIN_SOURCES OR NOT PLUGIN_MANIFEST)
    message(FATAL_ERROR "ostler_rust_plugin(${name}): SOURCES and MANIFEST are needed")
  elseif(NOT OSTLER_RUSTC)
    message(FATAL_ERROR "ostler_rust_plugin(${name}): rustc is not found; install Rust or set OSTLER_RUSTC")
  endif()
  set(directory ${CMAKE_CURRENT_BINARY_DIR}/${name})
  set(manifest ${CMAKE_CURRENT_SOURCE_DIR}/${PLUGIN_MANIFEST})
  ostler_plugin_resources(resources ${PLUGIN_RESOURCES})
  list(TRANSFORM PLUGIN_SOURCES PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/)
  list(GET PLUGIN_SOURCES 0 root)
  string(MAKE_C_IDENTIFIER ${name} crate)
  add_custom_command(OUTPUT ${directory}/plugin.json VERBATIM
    COMMAND ${CMAKE_COMMAND} -E make_directory ${directory}
    COMMAND ${OSTLER_RUSTC} --edition 2021 --crate-type cdylib --crate-name ${crate} -O
            -C strip=debuginfo -C link-arg=-Wl,-z,defs -C link-arg=-Wl,--build-id
            -o ${directory}/${name}.so ${root}
    COMMAND ${CMAKE_COMMAND} -DMANIFEST=${manifest} -DLIBRARY=${directory}/${name}.so
            -DOUTPUT=${directory}/plugin.json "-DRESOURCES=${resources}"
            -P ${OSTLER_SDK_CMAKE_DIRECTORY}/WriteManifest.cmake
    DEPENDS ${PLUGIN_SOURCES} ${manifest} ${resources} BYPRODUCTS ${directory}/${name}.so)
  add_custom_target(${name} ALL DEPENDS ${directory}/plugin.json)
endfunction()

# ostler_program_plugin(NAME FILES __main__.py ... MANIFEST plugin.json [RESOURCES file ...])
#
# A plugin that the interpreter of its manifest runs: an archive NAME.zip of the files, as Python takes
# it. One file alone is taken as it is: a script, or a program that needs no interpreter, which may
# be named by an absolute path where something else builds it.
function(ostler_program_plugin name)
  cmake_parse_arguments(PLUGIN "" "MANIFEST" "FILES;RESOURCES" ${ARGN})
  if(NOT PLUGIN_FILES OR NOT PLUGIN_MANIFEST)
    message(FATAL_ERROR "ostler_program_plugin(${name}): FILES and MANIFEST are needed")
  endif()
  set(directory ${CMAKE_CURRENT_BINARY_DIR}/${name})
  set(manifest ${CMAKE_CURRENT_SOURCE_DIR}/${PLUGIN_MANIFEST})
  ostler_plugin_resources(resources ${PLUGIN_RESOURCES})
  set(sources)
  foreach(file ${PLUGIN_FILES})
    get_filename_component(source ${file} ABSOLUTE)
    list(APPEND sources ${source})
  endforeach()
  list(LENGTH PLUGIN_FILES count)
  if(count EQUAL 1)
    get_filename_component(program ${PLUGIN_FILES} NAME)
    set(program ${directory}/${program})
    set(pack ${CMAKE_COMMAND} -E copy ${sources} ${program})
  else()
    set(program ${directory}/${name}.zip)
    set(pack ${CMAKE_COMMAND} -E tar cf ${program} --format=zip --mtime=2000-01-01 ${PLUGIN_FILES})
  endif()
  add_custom_command(OUTPUT ${directory}/plugin.json VERBATIM
    WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${directory}
    COMMAND ${pack}
    COMMAND ${CMAKE_COMMAND} -DMANIFEST=${manifest} -DLIBRARY=${program}
            -DOUTPUT=${directory}/plugin.json "-DRESOURCES=${resources}"
            -P ${OSTLER_SDK_CMAKE_DIRECTORY}/WriteManifest.cmake
    DEPENDS ${sources} ${manifest} ${resources} BYPRODUCTS ${program})
  add_custom_target(${name} ALL DEPENDS ${directory}/plugin.json)
endfunction()
