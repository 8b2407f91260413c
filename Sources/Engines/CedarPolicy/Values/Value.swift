// SPDX-License-Identifier: Apache-2.0

/// A value of the language (Cedar language reference, "Data types"). Equal values are equal in the language too.
public indirect enum Value: Hashable, Sendable {
    /// A truth value.
    case bool(Bool)
    /// A whole number of 64 bits.
    case integer(Int64)
    /// A string.
    case string(Text)
    /// An entity, whether or not there is data about it.
    case entity(EntityUID)
    /// Values without order, none twice.
    case set(Set<Value>)
    /// Named values without order.
    case record([Text: Value])
    /// A number with four places after the point.
    case decimal(Decimal)
    /// An address or a network.
    case address(IPAddress)
    /// A moment.
    case datetime(Datetime)
    /// A length of time.
    case duration(Milliseconds)
}
