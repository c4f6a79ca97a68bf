using Penstock.Generator.Plan;

namespace Penstock.Generator.Declarations;

/// <summary>A class with partial properties of Penstock's that is neither pipeline nor operator: its attribute was forgotten.</summary>
internal sealed record StrayDeclaration(ClassDeclaration Class);
