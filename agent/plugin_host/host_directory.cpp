// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/host_directory.hpp"

#include <boost/uuid/name_generator_sha1.hpp>
#include <boost/uuid/uuid_io.hpp>
#include <chrono>
#include <utility>

namespace ostler::plugin_host {
namespace {

/// How much longer a run may last for either.
constexpr std::chrono::seconds kMostMeasuring{5};
constexpr std::chrono::seconds kMostClearing{5};

files::ShouldStop stop_after(std::chrono::steady_clock::duration time, std::stop_token stop) {
  return [end = std::chrono::steady_clock::now() + time, stop = std::move(stop)] {
    return stop.stop_requested() || std::chrono::steady_clock::now() >= end;
  };
}

}  // namespace

std::string host_directory_name(const std::string& plugin, const std::vector<std::string>& owner) {
  std::string text;
  for (const std::string& part : owner) text += std::to_string(part.size()) + ":" + part + "\n";
  // A hash that the lean program can make without a library: of names that a server has given.
  const boost::uuids::name_generator_sha1 name_of(boost::uuids::ns::oid());
  return plugin + "-" + boost::uuids::to_string(name_of(text + plugin));
}

void give_host_directory(BoxSpec& spec, const std::filesystem::path& directory) {
  // In front: relative paths begin at the last.
  spec.paths.insert(spec.paths.begin(), {directory.string(), "write"});
  spec.facts.emplace_back("host_directory", directory.string());
  if (spec.commands) spec.commands->cache = directory.string();
}

/// One that is too large goes at once, lest the next run finds it.
Result<void> leave_host_directory(files::KeptDirectory directory, const std::filesystem::path& root,
                                  const std::stop_token& stop, files::KeptLimits limits) {
  OSTLER_TRY(const std::uint64_t size, directory.note_use(stop_after(kMostMeasuring, stop)));
  {
    const files::KeptDirectory left = std::move(directory);
  }
  if (size > limits.each()) limits.every = std::chrono::seconds(0);
  return files::clear_kept(root, limits, stop_after(kMostClearing, stop));
}

}  // namespace ostler::plugin_host
