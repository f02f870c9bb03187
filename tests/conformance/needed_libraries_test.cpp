// SPDX-License-Identifier: Apache-2.0
// What the lean program loads at its start (DT_NEEDED): the C library and nothing of ours.
#include <elf.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "support/child_program.hpp"

namespace ostler {
namespace {

template <class T>
T read_at(const std::string& file, std::uint64_t offset) {
  T value;
  if (offset + sizeof value > file.size()) throw std::runtime_error("not a whole ELF file");
  std::memcpy(&value, file.data() + offset, sizeof value);
  return value;
}

std::vector<Elf64_Shdr> sections_of(const std::string& file) {
  const auto header = read_at<Elf64_Ehdr>(file, 0);
  std::vector<Elf64_Shdr> sections;
  for (unsigned i = 0; i < header.e_shnum; ++i) {
    sections.push_back(
        read_at<Elf64_Shdr>(file, header.e_shoff + std::uint64_t{i} * header.e_shentsize));
  }
  return sections;
}

std::vector<std::string> needed_by(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  const std::string file((std::istreambuf_iterator<char>(in)), {});
  const auto sections = sections_of(file);
  std::vector<std::string> names;
  for (const Elf64_Shdr& section : sections) {
    if (section.sh_type != SHT_DYNAMIC) continue;
    const std::uint64_t strings = sections.at(section.sh_link).sh_offset;
    for (std::uint64_t at = 0; at < section.sh_size; at += sizeof(Elf64_Dyn)) {
      const auto entry = read_at<Elf64_Dyn>(file, section.sh_offset + at);
      if (entry.d_tag == DT_NEEDED) names.emplace_back(file.c_str() + strings + entry.d_un.d_val);
    }
  }
  return names;
}

TEST(NeededLibraries, OfTheLeanProgramAreThoseOfC) {
  const auto names = needed_by(support::ostler_program());
  EXPECT_THAT(names, testing::Contains("libc.so.6"));
  for (const std::string& name : names) {
    EXPECT_TRUE(name == "libc.so.6" || name == "libm.so.6" || name.starts_with("ld-linux"))
        << "ostler needs " << name;
  }
}

TEST(NeededLibraries, OfTheBoxAreThoseOfC) {
  const std::filesystem::path host = support::host_program();
  const auto names = needed_by(host.parent_path() / "ostler-box");
  EXPECT_THAT(names, testing::ElementsAre("libc.so.6"));
}

TEST(NeededLibraries, BuildkiteAgentIsASecondNameOfIt) {
  const std::filesystem::path program = support::ostler_program();
  EXPECT_EQ(std::filesystem::read_symlink(program.parent_path() / "buildkite-agent"), "ostler");
}

}  // namespace
}  // namespace ostler
