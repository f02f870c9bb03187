// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "plugin_host/bundle.hpp"

// Puts plugins into a store and takes them out. Nothing of a plugin is run or mapped by it.
namespace ostler::plugin_host {

/// A store of one's own is for oneself, and so is the agent's state directory that it lies in,
/// which no agent takes when others may enter it. One that is there may be shared.
Result<void> make_store(const std::filesystem::path& store);

enum class Replace {
  No,
  Signature,  ///< of the same plugin: the bundle's was checked
  Yes,
};

/// Copies what the manifest of `bundle` lists, the manifest and its signature into the store,
/// read-only: all of it or nothing, and what it replaces is there until then. Returns whether there
/// was anything to do: false when just that is there. What has the same manifest but was damaged,
/// or lacks the signature, and what has no manifest that says an id and a version, is replaced; a
/// signature that is there stays when the bundle has none, or another one that may not replace it.
/// Errors: UserFault with every fault of the bundle; Conflict when the store has other bytes or
/// another signature under that version and may not replace it.
Result<bool> install_bundle(const Bundle& bundle, const std::filesystem::path& store,
                            Replace replace);

/// Jobs that run it now are not disturbed, and no later one finds a part of it. What is not there
/// is no error where the plugin is in the store in another version.
Result<void> remove_from_store(const std::filesystem::path& store, const std::string& id,
                               const std::string& version);

/// Writes a tar archive, gzipped, with what install_bundle would copy: the same bytes for the same
/// plugin. Errors: those of the files.
Result<void> pack_bundle(const Bundle& bundle, const std::filesystem::path& into);

/// What such an archive holds, read without unpacking it: plugin.json first, then its signature and
/// just the files that it lists, of whatever platform they are. Its `directory` is empty.
/// Errors: UserFault at the first file that does not belong there, or with every fault of the rest.
Result<Bundle> read_packed(const std::filesystem::path& archive);

/// Unpacks a bundle: a tar archive, compressed or not, of files that lie at its top or in one
/// directory. `into` is an empty directory. Returns the directory of the plugin.
/// Errors: UserFault for anything else; more than 64 files; more than 512 MiB.
Result<std::filesystem::path> unpack_bundle(const std::filesystem::path& archive,
                                            const std::filesystem::path& into);

}  // namespace ostler::plugin_host
