using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Penstock.Formats;

/// <summary>Checks rows before they are written, for conditions that their type does not express. For generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class RowGuard
{
    /// <summary>Checks that a row is not null and not of a derived type, whose own members would not be written.</summary>
    /// <typeparam name="T">The type that is written.</typeparam>
    /// <param name="row">The row.</param>
    /// <exception cref="InvalidOperationException">The row is null or of another type.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void RequireExact<T>(T row)
    {
        if (row is null || row.GetType() != typeof(T))
        {
            Refuse(row, typeof(T));
        }
    }

    /// <summary>Checks that a row is not null.</summary>
    /// <typeparam name="T">The type that is written.</typeparam>
    /// <param name="row">The row.</param>
    /// <exception cref="InvalidOperationException">The row is null.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Require<T>(T row)
    {
        if (row is null)
        {
            Refuse(row, typeof(T));
        }
    }

    /// <summary>Creates the error for an object inside a row that cannot be written.</summary>
    /// <param name="value">The object.</param>
    /// <param name="type">The type whose attributes do not list the type of the object.</param>
    /// <returns>The error.</returns>
    public static InvalidOperationException UnknownType(object value, Type type)
    {
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(type);
        return new InvalidOperationException(
            $"An object of type {value.GetType()} cannot be written: no [JsonDerivedType] of {type} names it.");
    }

    /// <summary>Creates the error for an object, list or dictionary inside a row that must not be null.</summary>
    /// <param name="what">The member, or the item.</param>
    /// <returns>The error.</returns>
    public static InvalidOperationException IsNull(string what) =>
        new($"{what} is null, but is not declared as nullable, so that it could not be read back. Declare it with a '?', or give it a "
            + "value.");

    [DoesNotReturn]
    private static void Refuse(object? row, Type type) => throw new InvalidOperationException(row is null
        ? $"A row of type {type} is null, and null is no row: leave it out with a [Filter], or make a [FlatMap] of the [Map] that made it."
        : $"A row is a {row.GetType()}, but its stream is of {type}: the members of the derived type would be lost. Let a [Map] make "
            + $"rows of one type, or hold it in a member of a row, with [JsonDerivedType] on {type}.");
}
