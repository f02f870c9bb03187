// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/outcome/basic_result.hpp>
#include <boost/outcome/policy/terminate.hpp>
#include <boost/outcome/try.hpp>

#include "base/error.hpp"

namespace ostler {

/// A value of type T or an Error. Must not be ignored; reading the wrong side ends the process.
/// Make a failure by returning an Error, a success by returning a T (or `success()` for void).
template <class T>
using Result = boost::outcome_v2::basic_result<T, Error, boost::outcome_v2::policy::terminate>;

using boost::outcome_v2::success;

}  // namespace ostler

/// OSTLER_TRY(var, expr) or OSTLER_TRY(expr): the value, or return of the error from this function.
#define OSTLER_TRY(...) BOOST_OUTCOME_TRY(__VA_ARGS__)
/// The same inside a coroutine: co_return of the error.
#define OSTLER_CO_TRY(...) BOOST_OUTCOME_CO_TRY(__VA_ARGS__)
