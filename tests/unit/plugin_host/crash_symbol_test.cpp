// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/crash_symbol.hpp"

#include <elf.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/unique_fd.hpp"

namespace ostler::plugin_host {
namespace {

template <class T>
void append(std::string& bytes, const T& value) {
  bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
}

/// A shared object that says nothing but its functions, which have 16 bytes each, the first at 0.
UniqueFd library_of(const std::vector<std::string>& functions) {
  std::string texts(1, '\0');
  std::string symbols;
  for (std::size_t i = 0; i < functions.size(); ++i) {
    Elf64_Sym symbol{};
    symbol.st_name = static_cast<Elf64_Word>(texts.size());
    symbol.st_info = ELF64_ST_INFO(STB_GLOBAL, STT_FUNC);
    symbol.st_shndx = 1;
    symbol.st_value = 16 * i;
    symbol.st_size = 16;
    append(symbols, symbol);
    texts += functions[i] + '\0';
  }
  Elf64_Ehdr head{};
  head.e_shoff = sizeof head;
  head.e_shnum = 2;
  Elf64_Shdr table{};
  table.sh_type = SHT_SYMTAB;
  table.sh_link = 1;
  table.sh_offset = sizeof head + 2 * sizeof table;
  table.sh_size = symbols.size();
  Elf64_Shdr text{};
  text.sh_type = SHT_STRTAB;
  text.sh_offset = table.sh_offset + symbols.size();
  std::string bytes;
  append(bytes, head);
  append(bytes, table);
  append(bytes, text);
  bytes += symbols + texts;
  UniqueFd file(::memfd_create("library", MFD_CLOEXEC));
  EXPECT_EQ(::write(file.get(), bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
  return file;
}

std::vector<CodeFile> plugin_of(const std::vector<std::string>& functions) {
  std::vector<CodeFile> code;
  code.push_back({"zoo.so", library_of(functions)});
  return code;
}

BoxEvidence crash_at(const std::string& module, std::uint64_t offset) {
  BoxEvidence evidence;
  evidence.library = "zoo.so";
  auto& crash = evidence.crash.emplace();
  crash.module = module;
  crash.offset = offset;
  return evidence;
}

/// Of a crash in libc, which these functions of the plugin led to; the nearest first.
BoxEvidence crash_below(const std::vector<std::string>& functions) {
  BoxEvidence evidence = crash_at("libc.so.6", 1);
  for (std::size_t i = 0; i < functions.size(); ++i) evidence.callers.push_back(16 * i + 8);
  return with_names(std::move(evidence), plugin_of(functions));
}

TEST(CrashSymbol, IsOfTheNearestFunctionThatAnAuthorKnows) {
  const auto named = crash_below({"rust_panic", "rust_begin_unwind", "_ZN4core9panicking5panicE",
                                  "_Unwind_Resume", "deploy_run", "main_of_it"});
  EXPECT_EQ(named.caller_symbol, "deploy_run");
  EXPECT_EQ(named.crash->caller, 4u * 16 + 8);
  EXPECT_EQ(named.symbol, "") << "it crashed in another library";
}

TEST(CrashSymbol, IsOfAFunctionWhoseNameBeginsLikeThoseOfRust) {
  EXPECT_EQ(crash_below({"rust_panic", "rust_deploy", "run"}).caller_symbol, "rust_deploy");
  EXPECT_EQ(crash_below({"rust_panic_button", "run"}).caller_symbol, "rust_panic_button");
}

TEST(CrashSymbol, IsOfTheNearestWhereAllAreOfLibraries) {
  const auto named = crash_below({"__cxa_throw", "_Unwind_Resume"});
  EXPECT_EQ(named.caller_symbol, "__cxa_throw");
  EXPECT_EQ(named.crash->caller, 8u);
}

TEST(CrashSymbol, IsOfThePlaceInThePluginItself) {
  BoxEvidence evidence = crash_at("zoo.so", 16 + 15);
  const auto plugin = plugin_of({"first", "second", "third"});
  EXPECT_EQ(with_names(evidence, plugin).symbol, "second");
  evidence.crash->offset = 3 * 16;
  EXPECT_EQ(with_names(evidence, plugin).symbol, "") << "behind all of them";
  EXPECT_EQ(with_names(evidence, plugin).crash->caller, 0u);
}

TEST(CrashSymbol, IsOfThePlaceInALibraryOfTheBundleAndOfItsCaller) {
  BoxEvidence evidence = crash_at("libwords.so.1", 16);
  evidence.callers = {8};
  auto code = plugin_of({"deploy_run"});
  code.push_back({"libnumbers.so.1", library_of({"count", "sum"})});
  code.push_back({"libwords.so.1", library_of({"split", "join"})});
  const auto named = with_names(evidence, code);
  EXPECT_EQ(named.symbol, "join");
  EXPECT_EQ(named.caller_symbol, "deploy_run");
}

}  // namespace
}  // namespace ostler::plugin_host
