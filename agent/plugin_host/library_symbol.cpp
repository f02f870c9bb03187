// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/library_symbol.hpp"

#include <elf.h>

#include <algorithm>

#include "plugin_host/elf_bytes.hpp"
#include "plugin_host/function_name.hpp"

namespace ostler::plugin_host {
namespace {

constexpr std::uint64_t kMostSymbols = 1 << 20;

bool holds(const Elf64_Sym& symbol, std::uint64_t offset) {
  return ELF64_ST_TYPE(symbol.st_info) == STT_FUNC && symbol.st_shndx != SHN_UNDEF &&
         offset >= symbol.st_value && offset - symbol.st_value < symbol.st_size;
}

std::string name_in(const ElfBytes& file, const Elf64_Shdr& table, std::uint64_t texts,
                    std::uint64_t offset) {
  const std::uint64_t count =
      std::min<std::uint64_t>(table.sh_size / sizeof(Elf64_Sym), kMostSymbols);
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto symbol = file.at<Elf64_Sym>(table.sh_offset + i * sizeof(Elf64_Sym));
    if (!symbol) return {};
    if (holds(*symbol, offset)) return file.text(texts + symbol->st_name);
  }
  return {};
}

}  // namespace

std::string symbol_at(std::string_view elf, std::uint64_t offset) {
  const ElfBytes file(elf);
  const auto head = file.at<Elf64_Ehdr>(0);
  if (!head) return {};
  const auto section = [&](std::uint64_t number) {
    return file.at<Elf64_Shdr>(head->e_shoff + number * sizeof(Elf64_Shdr));
  };
  for (unsigned i = 0; i < head->e_shnum; ++i) {
    const auto table = section(i);
    if (!table || table->sh_type != SHT_SYMTAB) continue;
    const auto texts = section(table->sh_link);
    if (texts) return function_name(name_in(file, *table, texts->sh_offset, offset));
  }
  return {};
}

}  // namespace ostler::plugin_host
