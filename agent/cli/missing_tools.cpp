// SPDX-License-Identifier: Apache-2.0
#include "cli/missing_tools.hpp"

#include <algorithm>
#include <array>

namespace ostler::cli {
namespace {

/// Words of CMake, and what they come from.
struct Missing {
  std::string_view sign;
  std::string_view words;
};

constexpr std::array kMissing = {
    Missing{"ostler-sdk-config.cmake",
            "the SDK of Ostler, with which step plugins are built, is not installed here\n"
            "`make install` in its sources puts it into /usr/local; where it lies elsewhere, "
            "CMAKE_PREFIX_PATH=DIRECTORY before the command says so"},
    Missing{"unable to find a build program",
            "neither make nor ninja is here, with which CMake builds\n"
            "install one: apt-get install make"},
    Missing{"No CMAKE_CXX_COMPILER could be found",
            "no compiler of C++ is here\n"
            "install one: apt-get install g++; or name it: CXX=clang++-19 before the command"},
    Missing{"No CMAKE_C_COMPILER could be found",
            "no compiler of C is here\n"
            "install one: apt-get install gcc; or name it: CC=clang-19 before the command"}};

}  // namespace

std::string missing_tools(std::string_view said) {
  const auto found = std::ranges::find_if(
      kMissing, [&](const Missing& one) { return said.find(one.sign) != said.npos; });
  return found == kMissing.end() ? std::string() : std::string(found->words);
}

std::string missing_sdk() { return std::string(kMissing.front().words); }

}  // namespace ostler::cli
