// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

struct git_commit;
struct git_config;
struct git_diff;
struct git_index;
struct git_object;
struct git_odb;
struct git_packbuilder;
struct git_refdb;
struct git_reference;
struct git_reference_iterator;
struct git_remote;
struct git_repository;
struct git_revwalk;
struct git_signature;
struct git_tree;

namespace ostler::git {

/// Gives a resource back to libgit2.
template <class Resource>
struct Release {
  void operator()(Resource* resource) const noexcept;
};

/// Owns one resource of libgit2. Only .cpp files of this room look inside.
template <class Resource>
using Handle = std::unique_ptr<Resource, Release<Resource>>;

using CommitHandle = Handle<git_commit>;
using ConfigHandle = Handle<git_config>;
using DiffHandle = Handle<git_diff>;
using IndexHandle = Handle<git_index>;
using ObjectHandle = Handle<git_object>;
using OdbHandle = Handle<git_odb>;
using PackBuilderHandle = Handle<git_packbuilder>;
using RefDbHandle = Handle<git_refdb>;
using ReferenceHandle = Handle<git_reference>;
using ReferenceIteratorHandle = Handle<git_reference_iterator>;
using RemoteHandle = Handle<git_remote>;
using RepositoryHandle = Handle<git_repository>;
using RevWalkHandle = Handle<git_revwalk>;
using SignatureHandle = Handle<git_signature>;
using TreeHandle = Handle<git_tree>;

/// Where a function of libgit2 that makes a resource puts it: `git_index_open(Out(handle), path)`.
/// The handle has it from the next statement on.
template <class Resource>
class Out {
 public:
  explicit Out(Handle<Resource>& handle) : handle_(handle) {}
  ~Out() { handle_.reset(made_); }
  Out(const Out&) = delete;
  Out& operator=(const Out&) = delete;
  operator Resource**() { return &made_; }

 private:
  Handle<Resource>& handle_;
  Resource* made_ = nullptr;
};

}  // namespace ostler::git
