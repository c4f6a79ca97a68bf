using Penstock.Generator.Plan;

namespace Penstock.Generator.Declarations;

/// <summary>
/// A class that has partial properties of Penstock's types but is neither a pipeline nor an operator: its attribute is missing.
/// </summary>
internal sealed record StrayDeclaration(ClassDeclaration Class);
