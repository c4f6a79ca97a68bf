namespace Penstock.Runtime.Tests.Testing.Connectors.Others;

/// <summary>A row type with the same name as another one.</summary>
public readonly record struct Ride(int Number);
