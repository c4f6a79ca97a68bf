using System.Runtime.CompilerServices;

namespace Penstock.Generator.Equality;

/// <summary>Tells objects apart that are equal: models are compared by value, which costs as much as they are large.</summary>
internal sealed class ReferenceComparer<T> : IEqualityComparer<T>
    where T : class
{
    public static ReferenceComparer<T> Instance { get; } = new();

    public bool Equals(T? left, T? right) => ReferenceEquals(left, right);

    public int GetHashCode(T value) => RuntimeHelpers.GetHashCode(value);
}
