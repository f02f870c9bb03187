// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/library_file.hpp"

#include <elf.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <optional>
#include <tuple>

#include "plugin_host/elf_bytes.hpp"
#include "plugin_host/library_faults.hpp"

namespace ostler::plugin_host {
namespace {

using Faults = std::vector<std::string>;

#if defined(__x86_64__)
constexpr int kMachine = EM_X86_64;
constexpr std::string_view kLoader = "/lib64/ld-linux-x86-64.so.2";
#else
constexpr int kMachine = EM_AARCH64;
constexpr std::string_view kLoader = "/lib/ld-linux-aarch64.so.1";
#endif

constexpr std::size_t kMostEntries = 1 << 20;  // of all tables that are read
constexpr std::size_t kMostText = 64 << 20;    // bytes of all names

/// The sections and segments that matter.
struct Layout {
  std::vector<Elf64_Shdr> sections;
  std::size_t tls = 0;  ///< bytes
  bool has_executable_stack = false;
  std::string loader = {};  ///< that a program wants; empty: none
};

/// Reads a file whose tables may say anything, with so much work and memory and no more.
class TableReader {
 public:
  explicit TableReader(const ElfBytes& file) : file_(file) {}

  template <class Entry>
  std::optional<Entry> entry(std::uint64_t offset) {
    if (is_spent()) return std::nullopt;
    ++entries_;
    return file_.at<Entry>(offset);
  }
  std::string text(std::uint64_t offset) {
    std::string found = file_.text(offset);
    text_ += found.size();
    return found;
  }
  bool is_spent() const { return entries_ > kMostEntries || text_ > kMostText; }

 private:
  const ElfBytes& file_;
  std::size_t entries_ = 0;
  std::size_t text_ = 0;
};

enum class Kind { Library, Program };

std::string unfit_file(Kind kind) {
  return kind == Kind::Library ? "no shared object (no ELF file)"
                               : "no program (no ELF file; a script needs an \"interpreter\")";
}

std::string unfit_header(const Elf64_Ehdr& head, Kind kind) {
  if (std::memcmp(head.e_ident, ELFMAG, SELFMAG) != 0) return unfit_file(kind);
  if (head.e_ident[EI_CLASS] != ELFCLASS64) return "a 32-bit object; plugins are 64-bit";
  if (head.e_ident[EI_DATA] != ELFDATA2LSB || head.e_machine != kMachine) {
    return "compiled for another kind of machine";
  }
  if (kind == Kind::Program) {
    const bool starts = (head.e_type == ET_DYN || head.e_type == ET_EXEC) && head.e_entry != 0;
    return starts ? "" : "no program (a shared object is one without \"runtime\")";
  }
  return head.e_type == ET_DYN ? "" : "no shared object (link it with -shared)";
}

std::optional<Layout> read_layout(const ElfBytes& file, Kind kind, Faults& faults) {
  const auto head = file.at<Elf64_Ehdr>(0);
  const std::string unfit = head ? unfit_header(*head, kind) : unfit_file(kind);
  if (!unfit.empty()) {
    faults.push_back(unfit);
    return std::nullopt;
  }
  Layout layout;
  for (unsigned i = 0; i < head->e_shnum; ++i) {
    const auto section = file.at<Elf64_Shdr>(head->e_shoff + std::uint64_t{i} * sizeof(Elf64_Shdr));
    if (section) layout.sections.push_back(*section);
  }
  if (layout.sections.size() < head->e_shnum) {
    faults.push_back("torn: it ends before its section headers do");
    return std::nullopt;
  }
  for (unsigned i = 0; i < head->e_phnum; ++i) {
    const auto segment = file.at<Elf64_Phdr>(head->e_phoff + std::uint64_t{i} * sizeof(Elf64_Phdr));
    if (segment && segment->p_type == PT_TLS) layout.tls = segment->p_memsz;
    if (segment && segment->p_type == PT_INTERP) layout.loader = file.text(segment->p_offset);
    if (segment && segment->p_type == PT_GNU_STACK) {
      layout.has_executable_stack = (segment->p_flags & PF_X) != 0;
    }
  }
  return layout;
}

/// The first section of a type, as the linker makes them; with the offset of its texts.
std::optional<std::pair<Elf64_Shdr, std::uint64_t>> find_section(const Layout& layout,
                                                                 std::uint32_t type) {
  const auto found = std::ranges::find(layout.sections, type, &Elf64_Shdr::sh_type);
  if (found == layout.sections.end() || found->sh_link >= layout.sections.size()) {
    return std::nullopt;
  }
  return std::pair(*found, layout.sections[found->sh_link].sh_offset);
}

/// Calls `use(entry, offset of its texts)` for each entry of the section of a type.
template <class Entry, class Use>
void each_entry(TableReader& reader, const Layout& layout, std::uint32_t type, const Use& use) {
  const auto section = find_section(layout, type);
  if (!section) return;
  const auto& [head, texts] = *section;
  for (std::uint64_t i = 0; i < head.sh_size / sizeof(Entry); ++i) {
    const auto entry = reader.entry<Entry>(head.sh_offset + i * sizeof(Entry));
    if (!entry) return;
    use(*entry, texts);
  }
}

bool is_exported(const Elf64_Sym& symbol) {
  const int binding = ELF64_ST_BIND(symbol.st_info);
  const int visibility = ELF64_ST_VISIBILITY(symbol.st_other);
  return symbol.st_shndx != SHN_UNDEF && symbol.st_shndx != SHN_ABS && binding != STB_LOCAL &&
         (visibility == STV_DEFAULT || visibility == STV_PROTECTED);
}

std::pair<int, int> glibc_of(std::string_view version) {
  constexpr std::string_view kPrefix = "GLIBC_";
  constexpr std::pair<int, int> kFirstWithPackedRelocations{2, 36};
  if (version == "GLIBC_ABI_DT_RELR") return kFirstWithPackedRelocations;
  std::pair<int, int> numbers{0, 0};
  if (!version.starts_with(kPrefix)) return numbers;
  version.remove_prefix(kPrefix.size());
  const char* end = version.data() + version.size();
  const auto major = std::from_chars(version.data(), end, numbers.first);
  if (major.ptr != end) std::from_chars(major.ptr + 1, end, numbers.second);
  return numbers;
}

/// Of one library that it needs: the newest version of glibc among those asked for.
std::pair<int, int> newest_glibc(TableReader& reader, std::uint64_t at, unsigned count,
                                 std::uint64_t texts) {
  std::pair<int, int> newest{0, 0};
  for (unsigned i = 0; i < count; ++i) {
    const auto asked = reader.entry<Elf64_Vernaux>(at);
    if (!asked) break;
    newest = std::max(newest, glibc_of(reader.text(texts + asked->vna_name)));
    if (asked->vna_next == 0) break;
    at += asked->vna_next;
  }
  return newest;
}

/// The newest version of glibc that it asks for. Its records are chained by offsets.
std::string read_least_glibc(TableReader& reader, const Layout& layout) {
  const auto section = find_section(layout, SHT_GNU_verneed);
  if (!section) return {};
  const auto& [head, texts] = *section;
  std::pair<int, int> least{0, 0};
  std::uint64_t at = head.sh_offset;
  for (std::uint32_t i = 0; i < head.sh_info; ++i) {
    const auto need = reader.entry<Elf64_Verneed>(at);
    if (!need) break;
    least = std::max(least, newest_glibc(reader, at + need->vn_aux, need->vn_cnt, texts));
    if (need->vn_next == 0) break;
    at += need->vn_next;
  }
  if (least.first == 0) return {};
  return std::to_string(least.first) + "." + std::to_string(least.second);
}

/// The loader maps all of these; of auxiliary ones, those that are there.
bool names_library(Elf64_Sxword tag) {
  return tag == DT_NEEDED || tag == DT_FILTER || tag == DT_AUXILIARY;
}

LibraryFile read_tables(const ElfBytes& file, const Layout& layout, Faults& faults) {
  LibraryFile library;
  TableReader reader(file);
  each_entry<Elf64_Sym>(reader, layout, SHT_DYNSYM, [&](const Elf64_Sym& symbol, auto texts) {
    if (is_exported(symbol)) library.exported.push_back(reader.text(texts + symbol.st_name));
  });
  bool has_static_tls = false;
  each_entry<Elf64_Dyn>(reader, layout, SHT_DYNAMIC, [&](const Elf64_Dyn& entry, auto texts) {
    if (names_library(entry.d_tag)) library.needed.push_back(reader.text(texts + entry.d_un.d_val));
    if (entry.d_tag == DT_RPATH || entry.d_tag == DT_RUNPATH) {
      library.search_path = reader.text(texts + entry.d_un.d_val);
    }
    if (entry.d_tag == DT_SONAME) library.soname = reader.text(texts + entry.d_un.d_val);
    const std::uint64_t flags = entry.d_tag == DT_FLAGS ? entry.d_un.d_val : 0;
    if ((flags & DF_STATIC_TLS) != 0) has_static_tls = true;
    if (entry.d_tag == DT_TEXTREL || (flags & DF_TEXTREL) != 0) library.has_text_relocations = true;
  });
  if (has_static_tls) library.static_tls = layout.tls;
  library.least_glibc = read_least_glibc(reader, layout);
  if (reader.is_spent()) {
    faults.push_back("has too many symbols: more than 1048576 entries or 64 MiB of names");
    return {};
  }
  library.has_executable_stack = layout.has_executable_stack;
  return library;
}

}  // namespace

LibraryFile read_library(std::string_view bytes, Faults& faults) {
  const ElfBytes file(bytes);
  const auto layout = read_layout(file, Kind::Library, faults);
  return layout ? read_tables(file, *layout, faults) : LibraryFile();
}

LibraryFile read_program(std::string_view bytes, Faults& faults) {
  const ElfBytes file(bytes);
  const auto layout = read_layout(file, Kind::Program, faults);
  if (!layout) return {};
  const std::size_t before = faults.size();
  LibraryFile program = read_tables(file, *layout, faults);
  if (faults.size() > before) return program;
  if (!layout->loader.empty() && layout->loader != kLoader) {
    faults.push_back("wants the loader " + layout->loader +
                     ", which a machine may lack; link it "
                     "statically");
  }
  judge_program(program, faults);
  return program;
}

}  // namespace ostler::plugin_host
