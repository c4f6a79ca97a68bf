namespace Penstock.Runtime.Tests.Engine.Others;

/// <summary>A row whose type has the name of another one.</summary>
public readonly record struct Ride(int Number);
