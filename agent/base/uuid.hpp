// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace ostler {

/// A UUID of any version, ordered by its bytes.
struct Uuid {
  std::array<std::uint8_t, 16> bytes{};

  /// A fresh version 7 UUID (RFC 9562). Those of one process are in the order of their making;
  /// those of several by the millisecond.
  static Uuid make();
  /// Reads the 36-character form, either letter case; none if it is not one.
  static std::optional<Uuid> parse(std::string_view text);
  /// The 36-character lower-case form.
  std::string str() const;

  friend auto operator<=>(const Uuid&, const Uuid&) = default;
};

/// A UUID that names one kind of thing, so that a job's id cannot be passed for a build's.
template <class Kind>
struct Id {
  Uuid uuid;

  static Id make() { return {Uuid::make()}; }
  static std::optional<Id> parse(std::string_view text) {
    const auto uuid = Uuid::parse(text);
    if (!uuid) return std::nullopt;
    return Id{*uuid};
  }
  std::string str() const { return uuid.str(); }

  friend auto operator<=>(const Id&, const Id&) = default;
};

using OrganizationId = Id<struct OrganizationKind>;
using ClusterId = Id<struct ClusterKind>;
using QueueId = Id<struct QueueKind>;
using PipelineId = Id<struct PipelineKind>;
using BuildId = Id<struct BuildKind>;
using StepId = Id<struct StepKind>;
using JobId = Id<struct JobKind>;
using AgentId = Id<struct AgentKind>;
using ArtifactId = Id<struct ArtifactKind>;
using AnnotationId = Id<struct AnnotationKind>;
using TokenId = Id<struct TokenKind>;
using UserId = Id<struct UserKind>;

}  // namespace ostler

template <>
struct std::hash<ostler::Uuid> {
  std::size_t operator()(const ostler::Uuid& uuid) const noexcept {
    return std::hash<std::string_view>()(
        {reinterpret_cast<const char*>(uuid.bytes.data()), uuid.bytes.size()});
  }
};

template <class Kind>
struct std::hash<ostler::Id<Kind>> {
  std::size_t operator()(const ostler::Id<Kind>& id) const noexcept {
    return std::hash<ostler::Uuid>()(id.uuid);
  }
};
