// SPDX-License-Identifier: Apache-2.0
#include "bench/chain/process_memory.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "files/file.hpp"

namespace ostler::bench {

ProcessMemory memory_of(pid_t pid) {
  ProcessMemory memory;
  std::ifstream in("/proc/" + std::to_string(pid) + "/smaps_rollup");
  for (std::string line; std::getline(in, line);) {
    const double value = std::atof(line.substr(line.find(':') + 1).c_str());
    if (line.starts_with("Rss:")) memory.rss_kib = value;
    if (line.starts_with("Private_Dirty:")) memory.private_dirty_kib = value;
  }
  return memory;
}

std::vector<pid_t> processes_with(const std::vector<std::string>& texts) {
  std::vector<pid_t> found;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const std::string name = entry.path().filename();
    if (!std::all_of(name.begin(), name.end(), ::isdigit)) continue;
    auto line = files::read_file(entry.path() / "cmdline");
    if (!line) continue;
    const bool all = std::all_of(texts.begin(), texts.end(), [&](const std::string& text) {
      return line.value().find(text) != std::string::npos;
    });
    if (all) found.push_back(std::atoi(name.c_str()));
  }
  return found;
}

}  // namespace ostler::bench
