// SPDX-License-Identifier: Apache-2.0
// Files that are no plugins, or not the ones that they should be: each is refused by name.
#include <elf.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <fstream>

#include "base/joined.hpp"
#include "files/file.hpp"
#include "plugin_host/bundle.hpp"
#include "plugin_host/library_closure.hpp"
#include "plugin_host/library_symbol.hpp"
#include "zoo_run.hpp"

namespace ostler::plugin_host {
namespace {

using testing::HasSubstr;

std::string refusal_of(const std::string& library) {
  ZooRun zoo("pass");
  zoo.with_library(library);
  const auto verdict = zoo.run();
  EXPECT_EQ(verdict.end, BoxEnd::Refused) << library;
  EXPECT_EQ(verdict.result.outcome, Outcome::Error);
  return verdict.result.message;
}

std::string misfit(const std::string& name) { return ZooRun::directory() + "/" + name + ".so"; }

std::vector<std::string> faults_of(const std::string& library) {
  return faults_of_library(library);
}

TEST(Misfit, ATextFileIsNotMapped) {
  const support::TempDirectory directory;
  std::ofstream(directory.path() / "notes.so") << "some notes\n";
  EXPECT_THAT(refusal_of(directory.path() / "notes.so"),
              testing::AllOf(HasSubstr("cannot be mapped"), HasSubstr("notes.so")));
  EXPECT_THAT(faults_of(directory.path() / "notes.so"),
              testing::ElementsAre(HasSubstr("no ELF file")));
}

TEST(Misfit, ALibraryWithoutTheEntryIsRefused) {
  EXPECT_THAT(refusal_of(misfit("misfit_no_entry")), HasSubstr("does not export"));
  EXPECT_THAT(faults_of(misfit("misfit_no_entry")),
              testing::Contains(HasSubstr("does not export")));
}

TEST(Misfit, AnotherVersionIsRefusedWithBothVersions) {
  EXPECT_THAT(refusal_of(misfit("misfit_version")),
              testing::AllOf(HasSubstr("0.3"), HasSubstr("0.2")));
}

TEST(Misfit, AMissingFactoryIsRefused) {
  EXPECT_THAT(refusal_of(misfit("misfit_no_factory")), HasSubstr("ostler.step/1"));
}

TEST(Misfit, ADescriptorWithoutVersionIsRefused) {
  EXPECT_THAT(refusal_of(misfit("misfit_short")), HasSubstr("without id and version"));
}

TEST(Misfit, AnUnresolvedSymbolIsNamed) {
  EXPECT_THAT(refusal_of(misfit("misfit_unresolved")), HasSubstr("not_to_be_found"));
}

TEST(Misfit, ALibraryThatTheMachineLacksIsNamed) {
  EXPECT_THAT(refusal_of(misfit("misfit_lacks")),
              testing::AllOf(HasSubstr("cannot be mapped"), HasSubstr("libmisfit_needed.so")));
}

TEST(Misfit, AnObjectOfThirtyTwoBitsIsNotMapped) {
  std::string object = files::read_file(ZooRun::directory() + "/zoo.so").value();
  object[4] = 1;  // EI_CLASS
  const support::TempDirectory directory;
  std::ofstream(directory.path() / "old.so") << object;
  EXPECT_THAT(refusal_of(directory.path() / "old.so"),
              testing::AllOf(HasSubstr("cannot be mapped: old.so"), HasSubstr("ELFCLASS32")));
}

TEST(Misfit, AnotherPluginThanTheManifestNamesIsRefused) {
  ZooRun zoo("pass");
  zoo.spec.version = "2.0.0";
  const auto verdict = zoo.run();
  EXPECT_EQ(verdict.end, BoxEnd::Refused);
  EXPECT_THAT(verdict.result.message,
              testing::AllOf(HasSubstr("zoo#2.0.0"), HasSubstr("zoo#1.0.0")));
}

TEST(Misfit, AConstructorThatHangsIsKilled) {
  ZooRun zoo("pass");
  zoo.with_library(misfit("misfit_hangs"));
  zoo.spec.ready_within = std::chrono::seconds(1);
  const auto verdict = zoo.run();
  EXPECT_EQ(verdict.end, BoxEnd::Killed);
  EXPECT_THAT(verdict.result.message, HasSubstr("constructors"));
}

TEST(Misfit, ASecondSymbolIsAFault) {
  EXPECT_THAT(faults_of(misfit("misfit_two_symbols")),
              testing::ElementsAre(HasSubstr("another_symbol")));
}

TEST(Misfit, WhatAMachineMayLackIsAFault) {
  EXPECT_THAT(faults_of(misfit("misfit_needs")),
              testing::ElementsAre(HasSubstr("needs libmisfit_needed.so"),
                                   HasSubstr("looks for libraries in /")));
}

TEST(Misfit, WhatALibraryOnlyFiltersIsAFaultAsWell) {
  EXPECT_THAT(faults_of(misfit("misfit_filters")),
              testing::UnorderedElementsAre(HasSubstr("needs libfilter.so"),
                                            HasSubstr("needs libauxiliary.so")));
}

TEST(Misfit, PackedRelocationsNeedTheGlibcThatKnowsThem) {
  const std::string bytes = files::read_file(misfit("misfit_packed")).value();
  if (bytes.find("GLIBC_ABI_DT_RELR") == bytes.npos) GTEST_SKIP() << "the linker packs none";
  std::vector<std::string> faults;
  EXPECT_EQ(read_library(bytes, faults).least_glibc, "2.36");
  EXPECT_THAT(faults, testing::IsEmpty());
}

TEST(Misfit, ThreadLocalMemoryThatIsWantedAtOnceIsAFault) {
  EXPECT_THAT(faults_of(misfit("misfit_static_tls")),
              testing::ElementsAre(HasSubstr("wants 2048 bytes of initial-exec")));
}

TEST(Misfit, AStackThatCanBeExecutedIsAFault) {
  EXPECT_THAT(faults_of(misfit("misfit_stack")),
              testing::ElementsAre(HasSubstr("stack that can be executed")));
}

TEST(Misfit, AnotherKindOfObjectIsNamed) {
  std::string object = files::read_file(ZooRun::directory() + "/zoo.so").value();
  const auto first_fault = [&] {
    std::vector<std::string> faults;
    read_library(object, faults);
    return faults.empty() ? "" : faults.front();
  };
  object[18] = 40;  // e_machine: ARM of 32 bits
  EXPECT_THAT(first_fault(), HasSubstr("another kind of machine"));
  object[4] = 1;  // EI_CLASS
  EXPECT_THAT(first_fault(), HasSubstr("32-bit"));
}

TEST(Misfit, AFitLibraryHasNoFaults) {
  EXPECT_THAT(faults_of(ZooRun::directory() + "/zoo.so"), testing::IsEmpty());
}

/// A shared object of nothing but that many exported symbols, all of one name.
std::string library_of_symbols(std::size_t count, const std::string& name) {
  const std::string zoo = files::read_file(ZooRun::directory() + "/zoo.so").value();
  Elf64_Ehdr head;
  std::memcpy(&head, zoo.data(), sizeof head);
  head.e_phnum = 0;
  head.e_shoff = sizeof head;
  head.e_shnum = 2;
  Elf64_Shdr sections[2] = {};
  sections[0].sh_offset = sizeof head + sizeof sections;
  sections[1].sh_type = SHT_DYNSYM;
  sections[1].sh_offset = sections[0].sh_offset + name.size() + 1;
  sections[1].sh_size = count * sizeof(Elf64_Sym);
  Elf64_Sym symbol{};
  symbol.st_info = ELF64_ST_INFO(STB_GLOBAL, STT_FUNC);
  symbol.st_shndx = 1;
  std::string file(reinterpret_cast<const char*>(&head), sizeof head);
  file.append(reinterpret_cast<const char*>(sections), sizeof sections).append(name) += '\0';
  for (std::size_t i = 0; i < count; ++i) {
    file.append(reinterpret_cast<const char*>(&symbol), sizeof symbol);
  }
  return file;
}

std::string faults_of_symbols(std::size_t count, const std::string& name) {
  BundledLibrary library{.name = "many.so", .file = {}, .faults = {}};
  library.file = read_library(library_of_symbols(count, name), library.faults);
  std::vector<std::string> faults;
  close_over(library, {}, faults);
  return joined(faults, "; ");
}

TEST(Misfit, ALibraryOfTooManySymbolsIsNotReadToItsEnd) {
  EXPECT_THAT(faults_of_symbols((1 << 20) + 1, "s"), HasSubstr("too many symbols"));
  EXPECT_THAT(faults_of_symbols(17'000, std::string(4'000, 's')), HasSubstr("too many symbols"));
  EXPECT_THAT(faults_of_symbols(1'000, std::string(4'000, 's')), HasSubstr("and 995 more"));
}

TEST(Misfit, ATornLibraryIsNoDanger) {
  const std::string whole = files::read_file(ZooRun::directory() + "/zoo.so").value();
  for (std::size_t size = 0; size < whole.size(); size += whole.size() / 97 + 1) {
    std::vector<std::string> faults;
    read_library(std::string_view(whole).substr(0, size), faults);
    EXPECT_FALSE(faults.empty()) << size;
    const std::uint64_t offsets[] = {0x1100, 0x1200};
    EXPECT_THAT(symbols_at(std::string_view(whole).substr(0, size), offsets),
                testing::ElementsAre("", ""))
        << size;
  }
}

}  // namespace
}  // namespace ostler::plugin_host
