// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <atomic>

/// How often the tests of this folder asked for memory (allocations.cpp).
extern std::atomic<long> allocations;
