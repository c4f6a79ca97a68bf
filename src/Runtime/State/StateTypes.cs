using System.ComponentModel;

namespace Penstock.State;

/// <summary>Checks that are possible only when a state or row is written.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class StateTypes
{
    /// <summary>Checks that an object is not of a derived type, whose own members would not be written.</summary>
    /// <typeparam name="T">The type that is written.</typeparam>
    /// <param name="value">The object.</param>
    /// <exception cref="PipelineException">The object is of another type.</exception>
    public static void RequireExact<T>(T value)
        where T : class
    {
        if (value.GetType() != typeof(T))
        {
            throw new PipelineException(
                ErrorCodes.DerivedType,
                $"A state, or a row that goes to another process, holds a "
                    + $"{value.GetType()} where its type is {typeof(T)}: the members of the derived type would be lost. Declare it "
                    + $"as the one or the other, or give {typeof(T)} a [StateCodec].");
        }
    }
}
