// SPDX-License-Identifier: Apache-2.0
#include "hub/upkeep/blob_files.hpp"

#include <utility>

#include "files/copy_file.hpp"
#include "files/file.hpp"
#include "store/directory_blob_store.hpp"

namespace ostler::hub {
namespace {

namespace fs = std::filesystem;
using store::BlobKind;
using store::PromisedBlob;

std::string title_of(const PromisedBlob& blob) {
  const std::string id = blob.name.id.str();
  switch (blob.name.kind) {
    case BlobKind::Log: return "log of job " + id;
    case BlobKind::Artifact: return "artifact " + id;
    case BlobKind::Plugin: return "plugin " + id;
  }
  return id;
}

/// What is wrong with a blob's file; empty: nothing. A log may have more bytes than the database
/// knows, for they are written before it hears of them.
std::string fault_of(const PromisedBlob& blob, const fs::path& file) {
  std::error_code ec;
  const auto found = fs::file_size(file, ec);
  if (ec == std::errc::no_such_file_or_directory) {
    return blob.is_certain ? title_of(blob) + " is missing: " + file.string() : "";
  }
  if (ec) return title_of(blob) + " cannot be read: " + file.string() + ": " + ec.message();
  const auto size = static_cast<std::int64_t>(found);
  const bool is_log = blob.name.kind == BlobKind::Log;
  if (size == blob.size || (is_log && size > blob.size)) return "";
  return title_of(blob) + " has " + std::to_string(size) + " bytes instead of " +
         std::to_string(blob.size) + ": " + file.string();
}

/// Calls `visit` with every blob of which the database speaks.
template <class Visit>
Result<void> visit_blobs(store::DatabaseFile& database, Visit visit) {
  constexpr std::int64_t kPage = 1000;
  for (const BlobKind kind : {BlobKind::Log, BlobKind::Artifact, BlobKind::Plugin}) {
    Uuid last{};
    for (bool more = true; more;) {
      OSTLER_TRY(const auto page, database.promised_blobs(kind, last, kPage));
      for (const PromisedBlob& blob : page) {
        OSTLER_TRY(visit(blob));
        last = blob.name.id;
      }
      more = page.size() == static_cast<std::size_t>(kPage);
    }
  }
  return success();
}

Result<void> copy_blob(const PromisedBlob& blob, const fs::path& file, const fs::path& copy) {
  std::error_code ec;
  fs::create_directories(copy.parent_path(), ec);
  if (ec) return Error::from_errno(ec.value(), "make directory " + copy.parent_path().string());
  return files::copy_file(file, copy, blob.size);
}

}  // namespace

void BlobFaults::add(std::string line) {
  ++count;
  if (lines.size() < kMostLines) lines.push_back(std::move(line));
}

Result<BlobFaults> check_blobs(store::DatabaseFile& database, const fs::path& blobs,
                               const Progress& progress) {
  OSTLER_TRY(const auto total, database.count_promised_blobs());
  BlobFaults faults;
  std::int64_t done = 0;
  OSTLER_TRY(visit_blobs(database, [&](const PromisedBlob& blob) -> Result<void> {
    if (!blob.is_certain) return success();
    progress("checking files", done += blob.size, total.bytes);
    std::string fault = fault_of(blob, store::blob_path(blobs, blob.name));
    if (fault.empty()) return success();
    OSTLER_TRY(const bool stands, database.still_promises(blob));
    if (stands) faults.add(std::move(fault));
    return success();
  }));
  return faults;
}

Result<BlobFaults> copy_blobs(store::DatabaseFile& database, const fs::path& from,
                              const fs::path& to, const Progress& progress) {
  OSTLER_TRY(const auto total, database.count_promised_blobs());
  OSTLER_TRY(files::ensure_private_directory(to));
  BlobFaults faults;
  std::int64_t done = 0;
  OSTLER_TRY(visit_blobs(database, [&](const PromisedBlob& blob) -> Result<void> {
    progress("copying files", done += blob.size, total.bytes);
    const fs::path file = store::blob_path(from, blob.name);
    std::string fault = fault_of(blob, file);
    if (!fault.empty() && !blob.is_certain) return success();
    if (!fault.empty()) {
      faults.add(std::move(fault));
      return success();
    }
    auto copied = copy_blob(blob, file, store::blob_path(to, blob.name));
    const bool never_was = !copied && copied.error().code() == Errc::NotFound && !blob.is_certain;
    return never_was ? success() : std::move(copied);
  }));
  return faults;
}

}  // namespace ostler::hub
