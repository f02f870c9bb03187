# SPDX-License-Identifier: Apache-2.0
# The compile settings of every target, and the functions that make rooms and tests.

find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)

add_library(ostler_warnings INTERFACE)
target_compile_options(ostler_warnings INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor
                            -Wold-style-cast -Wthread-safety>
  $<$<COMPILE_LANGUAGE:C>:-Wall -Wextra -Wpedantic -Wshadow -Wconversion>
  $<$<BOOL:${OSTLER_WERROR}>:-Werror>
  -fno-omit-frame-pointer)
target_link_options(ostler_warnings INTERFACE -fuse-ld=lld)
if(OSTLER_SANITIZE)
  target_compile_options(ostler_warnings INTERFACE -fsanitize=${OSTLER_SANITIZE} -fno-sanitize-recover=all)
  target_link_options(ostler_warnings INTERFACE -fsanitize=${OSTLER_SANITIZE})
endif()
if(OSTLER_FUZZ)
  target_compile_options(ostler_warnings INTERFACE -fsanitize=fuzzer-no-link)
endif()

# ostler_room(NAME SOURCES a.cpp ... [PUBLIC lib ...] [PRIVATE lib ...])
# One static library `ostler_NAME`, alias `ostler::NAME`, included from the root of agent/.
function(ostler_room name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  add_library(ostler_${name} STATIC ${ROOM_SOURCES})
  add_library(ostler::${name} ALIAS ostler_${name})
  target_include_directories(ostler_${name} PUBLIC ${CMAKE_SOURCE_DIR}/agent)
  target_compile_features(ostler_${name} PUBLIC cxx_std_20)
  target_link_libraries(ostler_${name} PUBLIC ${ROOM_PUBLIC} PRIVATE ${ROOM_PRIVATE} ostler_warnings)
endfunction()

# ostler_test(NAME SOURCES a_test.cpp ... [LIBRARIES lib ...] [LABELS label ...])
# One GoogleTest program, run by ctest under NAME. Programs it drives are named by OSTLER_BIN_DIR.
function(ostler_test name)
  cmake_parse_arguments(TEST "" "TIMEOUT" "SOURCES;LIBRARIES;LABELS" ${ARGN})
  add_executable(${name} ${TEST_SOURCES})
  target_link_libraries(${name} PRIVATE ${TEST_LIBRARIES} GTest::gmock GTest::gtest_main ostler_warnings)
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  add_test(NAME ${name} COMMAND ${name})
  if(NOT TEST_TIMEOUT)
    set(TEST_TIMEOUT 120)
  endif()
  set_tests_properties(${name} PROPERTIES TIMEOUT ${TEST_TIMEOUT} LABELS "${TEST_LABELS}"
    ENVIRONMENT "OSTLER_BUILD_DIR=${CMAKE_BINARY_DIR};OSTLER_SOURCE_DIR=${CMAKE_SOURCE_DIR}")
endfunction()
