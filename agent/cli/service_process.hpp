// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "process/spawn.hpp"

// A hub or an agent of ours, started as a process of its own.
namespace ostler::cli {

struct ServiceStart {
  std::vector<std::string> words;      ///< the command: "hub", "--listen", ...
  std::vector<std::string> variables;  ///< NAME=value, added to the environment
  std::filesystem::path directory;     ///< to run in
  int output = -1;                     ///< descriptors of ours; -1: /dev/null
  int errors = -1;
  int extra = -1;               ///< seen as descriptor 3; -1: none
  int parent_death_signal = 0;  ///< sent to it when our main thread ends; 0: none
};

/// Starts this program again with other words, away from the terminal's signals. What a
/// surrounding job, git hook or make says to its children is kept from it.
Result<process::Child> start_service(const ServiceStart& start);

/// Opens a file to append to, mode 0600.
Result<UniqueFd> open_log(const std::filesystem::path& path);

/// The last line that a program wrote to its log, for an error.
std::string last_words(const std::filesystem::path& log);
/// Why a program whose log goes on behind its first `begin` bytes has ended: its own error, and
/// behind it that of the program that it had started, which wrote there before.
std::string last_error(const std::filesystem::path& log, std::uintmax_t begin);

/// Reads a hub's standard output up to the line that says where it listens: the URL.
/// Errors: Unavailable when it does not say so within 20 s.
Result<std::string> read_listening_url(int standard_output);

/// A file's content without the line break at its end. Errors: as files::read_file.
Result<std::string> read_line_of(const std::filesystem::path& file);

}  // namespace ostler::cli
