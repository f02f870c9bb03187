# SPDX-License-Identifier: Apache-2.0
# Precompiled headers: half of a build's time is reading the same few libraries again in every file.
# Off in the presets dev, fuzz and tidy, where each file must say itself what it includes.
#
# Four sets: with or without Asio (its headers refer to the Asio library, so a target without it
# could not link), for programs (optimized as the preset says) and for tests (not optimized).

set(OSTLER_PCH_STANDARD
  <algorithm> <array> <cerrno> <charconv> <chrono> <cstdint> <cstring> <filesystem> <functional>
  <map> <memory> <optional> <set> <span> <string> <string_view> <unordered_map> <utility> <variant>
  <vector> <nlohmann/json.hpp> <base/result.hpp>)
set(OSTLER_PCH_ASIO
  <boost/asio/any_io_executor.hpp> <boost/asio/as_tuple.hpp> <boost/asio/awaitable.hpp>
  <boost/asio/co_spawn.hpp> <boost/asio/io_context.hpp> <boost/asio/post.hpp>
  <boost/asio/steady_timer.hpp> <boost/asio/this_coro.hpp> <boost/asio/use_awaitable.hpp>)
set(OSTLER_PCH_TEST <fstream> <gmock/gmock.h> <gtest/gtest.h>)

function(ostler_precompiled_set name)
  cmake_parse_arguments(SET "" "" "HEADERS;LIBRARIES" ${ARGN})
  file(CONFIGURE OUTPUT ${name}.cpp CONTENT "// Only carries the precompiled headers.\n")
  add_library(${name} OBJECT ${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp)
  target_link_libraries(${name} PRIVATE ${SET_LIBRARIES} ostler_warnings)
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR}/agent)
  target_precompile_headers(${name} PRIVATE ${SET_HEADERS})
  # The same headers make the same bytes: what ccache has of an earlier build is found again.
  target_compile_options(${name} PRIVATE "SHELL:-Xclang -fno-pch-timestamp")
endfunction()

# Whether `target` is linked, at any depth, with the library `wanted`.
function(ostler_links target wanted result)
  set(open ${target})
  set(seen "")
  while(open)
    list(POP_FRONT open one)
    if(NOT TARGET "${one}" OR one IN_LIST seen)
      continue()
    endif()
    list(APPEND seen ${one})
    get_target_property(aliased ${one} ALIASED_TARGET)
    if(aliased)
      set(one ${aliased})
    endif()
    foreach(property LINK_LIBRARIES INTERFACE_LINK_LIBRARIES)
      get_target_property(linked ${one} ${property})
      if(linked)
        list(APPEND open ${linked})
      endif()
    endforeach()
    if(${one} STREQUAL ${wanted})
      set(${result} TRUE PARENT_SCOPE)
      return()
    endif()
  endwhile()
  set(${result} FALSE PARENT_SCOPE)
endfunction()

# Gives every room and test made so far the set that fits it.
function(ostler_use_precompiled_headers)
  find_package(nlohmann_json REQUIRED)
  ostler_precompiled_set(ostler_pch HEADERS ${OSTLER_PCH_STANDARD} LIBRARIES nlohmann_json::nlohmann_json)
  ostler_precompiled_set(ostler_pch_asio HEADERS ${OSTLER_PCH_STANDARD} ${OSTLER_PCH_ASIO}
    LIBRARIES nlohmann_json::nlohmann_json ostler_asio)
  if(OSTLER_TESTS)
    find_package(GTest REQUIRED)
    ostler_precompiled_set(ostler_pch_test HEADERS ${OSTLER_PCH_STANDARD} ${OSTLER_PCH_TEST}
      LIBRARIES nlohmann_json::nlohmann_json GTest::gmock ostler_test_settings)
    ostler_precompiled_set(ostler_pch_asio_test
      HEADERS ${OSTLER_PCH_STANDARD} ${OSTLER_PCH_ASIO} ${OSTLER_PCH_TEST}
      LIBRARIES nlohmann_json::nlohmann_json GTest::gmock ostler_asio ostler_test_settings)
  endif()
  foreach(kind "" _test)
    get_property(targets GLOBAL PROPERTY ostler_targets${kind})
    foreach(target ${targets})
      ostler_links(${target} ostler_asio has_asio)
      set(asio "")
      if(has_asio)
        set(asio _asio)
      endif()
      target_precompile_headers(${target} REUSE_FROM ostler_pch${asio}${kind})
    endforeach()
  endforeach()
endfunction()
