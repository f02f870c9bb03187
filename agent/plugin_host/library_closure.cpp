// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/library_closure.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

#include "plugin_host/library_faults.hpp"
#include "plugin_host/step_plan.hpp"

namespace ostler::plugin_host {
namespace {

using Faults = std::vector<std::string>;

/// Of two versions as "2.34".
bool is_older_glibc(const std::string& one, const std::string& other) {
  return std::pair(one.size(), one) < std::pair(other.size(), other);
}

class Closure {
 public:
  Closure(const std::vector<BundledLibrary>& others, Faults& faults) : faults_(faults) {
    for (const BundledLibrary& other : others) {
      const std::string& soname = other.file.soname;
      by_name_.emplace(soname.empty() ? other.name : soname, &other);
    }
  }

  /// Takes up a file behind all that it needs.
  void take(const BundledLibrary& one) {
    seen_.insert(&one);
    path_.push_back(&one);
    const std::set<std::string> needed(one.file.needed.begin(), one.file.needed.end());
    for (const std::string& name : needed) {
      if (!is_everywhere(name)) take_needed(one, name);
    }
    path_.pop_back();
    taken_.push_back(&one);
  }

  MappedCode end(const BundledLibrary& plugin) {
    if (is_too_much_) {
      fault(plugin, "needs more than " + std::to_string(kMostLibraries) +
                        " libraries of its bundle; link some of them statically");
    }
    MappedCode code;
    std::size_t static_tls = 0;
    for (const BundledLibrary* one : taken_) {
      code.names.insert(code.names.begin(), one->name);
      code.least_glibc = std::max(code.least_glibc, one->file.least_glibc, is_older_glibc);
      judge(*one);
      static_tls += one->file.static_tls;
    }
    if (taken_.size() > 1 && static_tls > kMostStaticTls) {
      fault(plugin, "and its libraries want " + std::to_string(static_tls) +
                        " bytes of initial-exec thread-local memory, more than 1024");
    }
    return code;
  }

 private:
  void take_needed(const BundledLibrary& one, const std::string& name) {
    const auto found = by_name_.find(name);
    if (found == by_name_.end()) {
      return fault(one, "needs " + name +
                            ", which is neither on every machine nor in the bundle of the plugin; "
                            "put it there (RESOURCES), or link it statically (with "
                            "--exclude-libs,ALL)");
    }
    const BundledLibrary& other = *found->second;
    if (std::ranges::find(path_, &other) != path_.end()) {
      return fault(one,
                   "needs " + name + ", which needs it in turn; one of two must be mapped first");
    }
    if (seen_.contains(&other)) return;
    if (seen_.size() > kMostLibraries) {
      is_too_much_ = true;
      return;
    }
    if (other.faults.empty() && other.file.soname.empty()) {
      fault(one, "needs " + name + ", which has no DT_SONAME for the loader to find it by; link " +
                     other.name + " with -Wl,-soname," + name);
    }
    take(other);
  }

  /// The plugin is taken up last.
  void judge(const BundledLibrary& one) {
    Faults found = one.faults;
    if (found.empty() && &one == taken_.back()) judge_exports(one.file, found);
    if (one.faults.empty()) judge_library(one.file, found);
    for (const std::string& text : found) fault(one, text);
  }

  void fault(const BundledLibrary& of, const std::string& text) {
    faults_.push_back(of.name + ": " + text);
  }

  Faults& faults_;
  std::map<std::string_view, const BundledLibrary*> by_name_;
  std::vector<const BundledLibrary*> path_;   ///< from the plugin to here
  std::set<const BundledLibrary*> seen_;      ///< the plugin, too
  std::vector<const BundledLibrary*> taken_;  ///< each behind those that it needs
  bool is_too_much_ = false;
};

}  // namespace

MappedCode close_over(const BundledLibrary& plugin, const std::vector<BundledLibrary>& others,
                      Faults& faults) {
  Closure closure(others, faults);
  closure.take(plugin);
  return closure.end(plugin);
}

}  // namespace ostler::plugin_host
