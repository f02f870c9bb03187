// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "agent_client/retry.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "net/http_client.hpp"

// Stores of a person's own, which a command talks to directly: it signs each request with
// credentials that the server never sees. One file says what each kind of store wants.
namespace ostler::object_store {

/// A file on its way to a store.
struct OutgoingFile {
  std::string path;  ///< the artifact's, "/" between
  std::filesystem::path file;
  std::uint64_t size = 0;
  std::string sha1;    ///< lower-case hex
  std::string sha256;  ///< lower-case hex
  std::string content_type;
};

/// One place in a store, as a destination names it. Thread-safe; each thread brings its client.
class ObjectStore {
 public:
  virtual ~ObjectStore() = default;

  /// Finds the credentials, and whatever else every request needs, so that a fault of them is said
  /// once. Errors: UserFault without credentials; others from whom was asked.
  virtual Result<void> prepare(net::BlockingHttpClient& client) const = 0;
  /// Where people find what is stored for an artifact of this path.
  virtual std::string url_of(const std::string& path) const = 0;
  /// Brings a file there whole, or not at all, in bounded memory; tries again what may heal.
  /// Errors: those of prepare; Denied, NotFound and others as the store refuses, with its words and
  /// what to do.
  virtual Result<void> put(net::BlockingHttpClient& client, const OutgoingFile& file) const = 0;
  /// Writes what is stored for `path` to the file `target`. Errors: as put.
  virtual Result<void> get(net::BlockingHttpClient& client, const std::string& path,
                           const std::filesystem::path& target) const = 0;
};

/// The value of an environment variable; empty when it is not set.
using Variables = std::function<std::string(const std::string& name)>;
/// Those of this process.
std::string process_variable(const std::string& name);

struct StoreOptions {
  Variables variables = process_variable;
  const Clock* clock = nullptr;  ///< the machine's own when not given
  /// Files over this size go in parts of it, or of more where a store allows only so many.
  std::uint64_t part_size = std::uint64_t{64} << 20;
  agent_client::RetryPolicy upload{10, agent_client::Growth::Constant, std::chrono::seconds(5)};
  agent_client::RetryPolicy download{5, agent_client::Growth::Constant, std::chrono::seconds(5)};
};

/// The clock that the options name.
const Clock& clock_of(const StoreOptions& options);

/// The store that a destination such as "s3://bucket/prefix" names. Asks nobody yet.
/// Errors: UserFault for a destination of no known kind, or settings that cannot be right.
Result<std::unique_ptr<ObjectStore>> open_store(const std::string& destination,
                                                const StoreOptions& options);

}  // namespace ostler::object_store
