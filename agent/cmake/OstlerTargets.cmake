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

# Tests are compiled for a fast build, not for a fast run: what they drive is optimized.
add_library(ostler_test_settings INTERFACE)
target_link_libraries(ostler_test_settings INTERFACE ostler_warnings)
target_compile_options(ostler_test_settings INTERFACE -O0 $<$<CONFIG:Release>:-g0>)

# ostler_room(NAME SOURCES a.cpp ... [PUBLIC lib ...] [PRIVATE lib ...])
# One static library `ostler_NAME`, alias `ostler::NAME`, included from the root of agent/.
function(ostler_room name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  add_library(ostler_${name} STATIC ${ROOM_SOURCES})
  add_library(ostler::${name} ALIAS ostler_${name})
  target_include_directories(ostler_${name} PUBLIC ${CMAKE_SOURCE_DIR}/agent)
  target_compile_features(ostler_${name} PUBLIC cxx_std_20)
  target_link_libraries(ostler_${name} PUBLIC ${ROOM_PUBLIC} PRIVATE ${ROOM_PRIVATE} ostler_warnings)
  set_property(GLOBAL APPEND PROPERTY ostler_targets ostler_${name})
endfunction()

add_custom_target(sanitized_tests)
add_custom_target(threaded_tests)
add_custom_target(fuzzers)

# ostler_test(NAME SOURCES a_test.cpp ... [LIBRARIES lib ...] [LABELS label ...] [TIMEOUT seconds])
# One GoogleTest program, run by ctest under NAME with OSTLER_BUILD_DIR and OSTLER_SOURCE_DIR set.
# The label `sanitized` puts it among what `make asan` builds and runs (rooms that touch processes or
# bytes), `threaded` among what `make tsan` does (rooms that run on several threads).
function(ostler_test name)
  cmake_parse_arguments(TEST "" "TIMEOUT" "SOURCES;LIBRARIES;LABELS" ${ARGN})
  add_executable(${name} ${TEST_SOURCES})
  target_link_libraries(${name} PRIVATE ${TEST_LIBRARIES} GTest::gmock GTest::gtest_main ostler_test_settings)
  set_property(GLOBAL APPEND PROPERTY ostler_targets_test ${name})
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  add_test(NAME ${name} COMMAND ${CMAKE_SOURCE_DIR}/tests/outside_of_jobs $<TARGET_FILE:${name}>)
  foreach(label sanitized threaded)
    if(${label} IN_LIST TEST_LABELS)
      add_dependencies(${label}_tests ${name})
    endif()
  endforeach()
  if(NOT TEST_TIMEOUT)
    set(TEST_TIMEOUT 600)
  endif()
  set_tests_properties(${name} PROPERTIES TIMEOUT ${TEST_TIMEOUT} LABELS "${TEST_LABELS}"
    ENVIRONMENT "OSTLER_BUILD_DIR=${CMAKE_BINARY_DIR};OSTLER_SOURCE_DIR=${CMAKE_SOURCE_DIR}")
endfunction()

# ostler_fuzzer(NAME SOURCES a_fuzz.cpp [LIBRARIES lib ...])
# A libFuzzer program fuzz_NAME with its seeds in tests/fuzz/seeds/NAME/; built with OSTLER_FUZZ only.
function(ostler_fuzzer name)
  if(NOT OSTLER_FUZZ)
    return()
  endif()
  cmake_parse_arguments(FUZZ "" "" "SOURCES;LIBRARIES" ${ARGN})
  add_executable(fuzz_${name} ${FUZZ_SOURCES})
  target_link_libraries(fuzz_${name} PRIVATE ${FUZZ_LIBRARIES} ostler_warnings)
  target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
  set_target_properties(fuzz_${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/fuzz)
  add_dependencies(fuzzers fuzz_${name})
endfunction()

# ostler_bench(NAME SOURCES a_bench.cpp [LIBRARIES lib ...])
# A Google Benchmark program bench_NAME; `make bench` runs every one and prints its figures.
function(ostler_bench name)
  cmake_parse_arguments(BENCH "" "" "SOURCES;LIBRARIES" ${ARGN})
  add_executable(bench_${name} ${BENCH_SOURCES})
  target_link_libraries(bench_${name} PRIVATE
    ${BENCH_LIBRARIES} benchmark::benchmark benchmark::benchmark_main ostler_warnings)
  target_include_directories(bench_${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
  set_target_properties(bench_${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bench)
endfunction()
