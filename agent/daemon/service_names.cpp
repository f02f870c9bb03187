// SPDX-License-Identifier: Apache-2.0
#include "daemon/service_names.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <set>

#include "crypto/digest.hpp"
#include "files/file.hpp"
#include "files/remove_tree.hpp"

namespace ostler::daemon {
namespace {

using supervise::Service;

constexpr std::size_t kMostEnded = 64;
constexpr std::size_t kPlaceDigits = 12;
constexpr std::chrono::days kLifeOfPlace{30};

std::filesystem::path places_of(const StateDirectory& state) {
  return state.path() / "service-files";
}

std::string place_name(std::string_view scope, std::string_view name) {
  return short_digest(std::string(scope) + "\n" + std::string(name), kPlaceDigits);
}

/// The time of the directory itself is that of its last use, whatever changes in it.
void mark_used(const std::filesystem::path& place) {
  ::utimensat(AT_FDCWD, place.c_str(), nullptr, AT_SYMLINK_NOFOLLOW);
}

/// Now, of what cannot be looked at.
Timestamp last_use(const std::filesystem::path& place, Timestamp now) {
  struct stat about{};
  if (::lstat(place.c_str(), &about) != 0) return now;
  return Timestamp{} + std::chrono::seconds(about.st_mtim.tv_sec);
}

/// A service that ended used its place until then.
void mark_ended(const std::filesystem::path& place, Timestamp ended, Timestamp now) {
  if (ended <= last_use(place, now)) return;
  const timespec at{.tv_sec = static_cast<time_t>(ended.micros / 1'000'000), .tv_nsec = 0};
  const timespec times[] = {at, at};
  ::utimensat(AT_FDCWD, place.c_str(), times, AT_SYMLINK_NOFOLLOW);
}

bool is_of(const Service& service, std::string_view scope, std::string_view name) {
  return service.spec.scope == scope && service.spec.name == name;
}

std::string_view plugin_id(std::string_view reference) {
  return reference.substr(0, reference.find('#'));
}

}  // namespace

std::vector<Service> living_named(const std::vector<Service>& all, std::string_view scope,
                                  std::string_view name) {
  std::vector<Service> found;
  std::ranges::copy_if(all, std::back_inserter(found), [&](const Service& service) {
    return service.is_kept && is_of(service, scope, name);
  });
  return found;
}

std::vector<Service> outdated(const std::vector<Service>& all) {
  std::vector<Service> found;
  for (const Service& one : all) {
    if (!one.is_kept || !one.state.is_promoted) continue;
    const bool has_follower = std::ranges::any_of(all, [&one](const Service& other) {
      return other.is_kept && is_of(other, one.spec.scope, one.spec.name) &&
             other.state.promoted_at > one.state.promoted_at;
    });
    if (has_follower) found.push_back(one);
  }
  return found;
}

Result<void> check_owner(const Service& service, std::string_view plugin) {
  if (plugin_id(service.spec.plugin) == plugin_id(plugin)) return success();
  return Error(Errc::Conflict,
               "the service " + service.spec.name + " is that of " + service.spec.plugin);
}

Result<void> check_address(const std::vector<Service>& all, const supervise::ServiceSpec& spec) {
  if (spec.address.empty()) return success();
  const bool is_socket_file = spec.address.starts_with("unix:");
  for (const Service& other : all) {
    const bool has_its_name = is_of(other, spec.scope, spec.name);
    if (!other.is_kept || other.state.address != spec.address) continue;
    if (has_its_name ? !other.state.is_promoted : is_socket_file) continue;
    return Error(Errc::Conflict, other.spec.id + " listens on " + spec.address +
                                     ": give the new one a listener, or stop that one first");
  }
  return success();
}

Result<void> forget_ended(const std::filesystem::path& root, const std::vector<Service>& all,
                          const supervise::ServiceSpec& next) {
  std::size_t kept = 0;
  for (auto at = all.rbegin(); at != all.rend(); ++at) {
    if (at->is_kept) continue;
    const bool has_later = std::any_of(all.rbegin(), at, [&at](const Service& later) {
      return is_of(later, at->spec.scope, at->spec.name);
    });
    const bool stays = !has_later && !is_of(*at, next.scope, next.name) && ++kept <= kMostEnded;
    if (stays) continue;
    OSTLER_TRY(files::remove_tree(root / at->spec.id));
  }
  return success();
}

Result<std::string> place_of(const StateDirectory& state, std::string_view scope,
                             std::string_view name) {
  const auto directory = places_of(state) / place_name(scope, name);
  OSTLER_TRY(files::ensure_private_directory(directory));
  mark_used(directory);
  return directory.string();
}

Result<void> clear_places(const StateDirectory& state, const std::vector<Service>& all,
                          Timestamp now) {
  std::set<std::string> in_use;
  for (const Service& one : all) {
    const std::string name = place_name(one.spec.scope, one.spec.name);
    if (one.is_kept || one.is_newly_lost) {
      in_use.insert(name);
    } else {
      mark_ended(places_of(state) / name, one.state.since, now);
    }
  }
  for (const std::string& name : in_use) mark_used(places_of(state) / name);
  std::error_code ec;
  Result<void> cleared = success();
  for (const auto& place : std::filesystem::directory_iterator(places_of(state), ec)) {
    if (in_use.contains(place.path().filename())) continue;
    if (now - last_use(place.path(), now) < kLifeOfPlace) continue;
    auto removed = files::remove_tree(place.path());
    if (!removed && cleared) cleared = std::move(removed);
  }
  return cleared;
}

std::string short_digest(std::string_view text, std::size_t digits) {
  return crypto::sha256_hex(text).substr(0, digits);
}

}  // namespace ostler::daemon
