// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <stdexcept>
#include <string>
#include <tfx/base/config.hpp>

namespace tfx::errors {

/// What every run-time failure of tfx is caught by; the derived classes carry TensorFlow's names and words.
struct Error : std::runtime_error {
  using std::runtime_error::runtime_error;
  static constexpr char const* name = "Error";
};

/// An argument is wrong whatever the state: an extent that does not fit, a value out of range.
struct InvalidArgumentError : Error {
  using Error::Error;
  static constexpr char const* name = "InvalidArgumentError";
};
/// The state does not allow the call: an uninitialised variable, a closed session.
struct FailedPreconditionError : Error {
  using Error::Error;
  static constexpr char const* name = "FailedPreconditionError";
};
/// A file or a name does not exist.
struct NotFoundError : Error {
  using Error::Error;
  static constexpr char const* name = "NotFoundError";
};
/// Something of that name is there already.
struct AlreadyExistsError : Error {
  using Error::Error;
  static constexpr char const* name = "AlreadyExistsError";
};
/// A file is damaged: truncated, corrupt, or not of the format that it claims.
struct DataLossError : Error {
  using Error::Error;
  static constexpr char const* name = "DataLossError";
};
/// An index or a position lies outside what there is.
struct OutOfRangeError : Error {
  using Error::Error;
  static constexpr char const* name = "OutOfRangeError";
};
/// There is not as much memory as a run needs.
struct ResourceExhaustedError : Error {
  using Error::Error;
  static constexpr char const* name = "ResourceExhaustedError";
};
/// A valid request for something that tfx does not do.
struct UnimplementedError : Error {
  using Error::Error;
  static constexpr char const* name = "UnimplementedError";
};

}  // namespace tfx::errors
