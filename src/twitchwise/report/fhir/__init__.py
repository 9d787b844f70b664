"""One examination as a FHIR R4 bundle of type collection: questions, answers, measurements, and the causes by chance.

Source: HL7 FHIR Release 4, https://hl7.org/fhir/R4/.
"""
