// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/library_symbol.hpp"

#include <elf.h>

#include <algorithm>
#include <optional>

#include "plugin_host/elf_bytes.hpp"
#include "plugin_host/function_name.hpp"

namespace ostler::plugin_host {
namespace {

constexpr std::uint64_t kMostSymbols = 1 << 20;

bool is_function(const Elf64_Sym& symbol) {
  return ELF64_ST_TYPE(symbol.st_info) == STT_FUNC && symbol.st_shndx != SHN_UNDEF;
}

bool holds(const Elf64_Sym& symbol, std::uint64_t offset) {
  return offset >= symbol.st_value && offset - symbol.st_value < symbol.st_size;
}

using Found = std::vector<std::optional<Elf64_Sym>>;  // one for each offset

Found find_in(const ElfBytes& file, const Elf64_Shdr& table,
              std::span<const std::uint64_t> offsets) {
  Found found(offsets.size());
  const std::uint64_t count =
      std::min<std::uint64_t>(table.sh_size / sizeof(Elf64_Sym), kMostSymbols);
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto symbol = file.at<Elf64_Sym>(table.sh_offset + i * sizeof(Elf64_Sym));
    if (!symbol) break;
    if (!is_function(*symbol)) continue;
    for (std::size_t at = 0; at < offsets.size(); ++at) {
      if (!found[at] && holds(*symbol, offsets[at])) found[at] = symbol;
    }
  }
  return found;
}

}  // namespace

std::vector<std::string> symbols_at(std::string_view elf, std::span<const std::uint64_t> offsets) {
  std::vector<std::string> names(offsets.size());
  const ElfBytes file(elf);
  const auto head = file.at<Elf64_Ehdr>(0);
  if (!head) return names;
  const auto section = [&](std::uint64_t number) {
    return file.at<Elf64_Shdr>(head->e_shoff + number * sizeof(Elf64_Shdr));
  };
  for (unsigned i = 0; i < head->e_shnum; ++i) {
    const auto table = section(i);
    if (!table || table->sh_type != SHT_SYMTAB) continue;
    const auto texts = section(table->sh_link);
    if (!texts) continue;
    const Found found = find_in(file, *table, offsets);
    for (std::size_t at = 0; at < found.size(); ++at) {
      if (found[at]) names[at] = function_name(file.text(texts->sh_offset + found[at]->st_name));
    }
    return names;
  }
  return names;
}

}  // namespace ostler::plugin_host
